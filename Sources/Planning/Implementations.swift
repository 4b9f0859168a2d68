// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What a build can compute with, by identity: what a stored plan is read against.
public struct Implementations: Sendable {
  private let variants: [VariantIdentity: any ConvolutionVariant]
  private let graphs: [VariantIdentity: any GraphVariant]

  /// Where a decoder of plans finds them in its `userInfo`.
  public static let key: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "ConvScope.Implementations") else {
      preconditionFailure("a key of letters and a dot is valid")
    }
    return key
  }()

  /// The variants of single convolutions, and those of blocks.
  public init(variants: [any ConvolutionVariant], graphs: [any GraphVariant] = []) {
    self.variants = Dictionary(
      variants.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    self.graphs = Dictionary(
      graphs.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The variant of single convolutions with this identity.
  func variant(_ identity: VariantIdentity) -> (any ConvolutionVariant)? { variants[identity] }

  /// The variant of blocks with this identity.
  func graph(_ identity: VariantIdentity) -> (any GraphVariant)? { graphs[identity] }
}

extension Contender: Codable {
  /// What names a contender.
  private enum Stored: Codable {
    case variants([VariantIdentity])
    case graph(VariantIdentity)
    case external(name: String)
    case unsupported(name: String, reason: String)
  }

  /// Looks its implementations up in those that the decoder was given.
  /// - Throws: `DecodingError` where the build has one of them not.
  public init(from decoder: any Decoder) throws {
    let build = decoder.userInfo[Implementations.key] as? Implementations
    func found<Variant>(_ variant: Variant?, _ identity: VariantIdentity) throws -> Variant {
      if let variant { return variant }
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "this build has no kernel \(identity.id)"))
    }
    switch try decoder.singleValueContainer().decode(Stored.self) {
    case .variants(let identities):
      self = .variants(try identities.map { try found(build?.variant($0), $0) })
    case .graph(let identity): self = .graph(try found(build?.graph(identity), identity))
    case .external(let name): self = .external(name: name)
    case .unsupported(let name, let reason): self = .unsupported(name: name, reason: reason)
    }
  }

  /// Writes the identities.
  public func encode(to encoder: any Encoder) throws {
    let stored: Stored =
      switch self {
      case .variants(let variants): .variants(variants.map(\.identity))
      case .graph(let variant): .graph(variant.identity)
      case .external(let name): .external(name: name)
      case .unsupported(let name, let reason): .unsupported(name: name, reason: reason)
      }
    var container = encoder.singleValueContainer()
    try container.encode(stored)
  }
}
