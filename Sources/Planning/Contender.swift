// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What computes a case: one variant per step, a process of its own, or nothing, with the reason.
public enum Contender: Sendable {
  /// Variants in this process, one per step of the case.
  case variants([any ConvolutionVariant])
  /// A way to run a block.
  case graph(any GraphVariant)
  /// The external contender of this name.
  case external(name: String)
  /// Nothing can; the result row carries the reason.
  case unsupported(name: String, reason: String)

  /// What stands in the `kernel` column: a variant's id, the ids of a chain joined by `+`.
  public var kernel: String {
    switch self {
    case .variants(let variants):
      let ids = variants.map(\.identity.id)
      return Set(ids).count == 1 ? ids[0] : ids.joined(separator: "+")
    case .graph(let variant): return variant.identity.id
    case .external(let name): return name
    case .unsupported(let name, _): return name
    }
  }

  /// Whether it is a way to run graphs in this process.
  var isGraph: Bool { if case .graph = self { true } else { false } }

  /// The instruction set it was compiled for, the widest of a chain; nil where a library picks.
  public var instructionSet: InstructionSet? {
    if case .graph(let variant) = self { return variant.identity.instructionSet }
    guard case .variants(let variants) = self else { return nil }
    return variants.compactMap(\.identity.instructionSet).max()
  }

  /// The activation layout, those of a chain joined by `+`; nil where it is not known here.
  public var layout: String? {
    guard case .variants(let variants) = self else { return nil }
    let layouts = variants.map(\.identity.layout)
    return Set(layouts).count == 1 ? layouts[0] : layouts.joined(separator: "+")
  }
}
