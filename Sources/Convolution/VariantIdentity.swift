// SPDX-License-Identifier: Apache-2.0

/// How closely a variant follows the textbook sum.
public enum AccuracyClass: String, Codable, Hashable, Sendable {
  /// Sums the products themselves, in some order: within γₙ·Σ|x·w| of the exact result.
  case exact
  /// Transforms first (Winograd, FFT): faster, with a larger error bound.
  case fast

  /// What the selection admits as `fast`: the root mean square of the error that is expected on
  /// random data, over that of the output.
  public static let largestFastError = 1e-5
}

/// What names a variant; its id is built from these in one place and never parsed back.
public struct VariantIdentity: Codable, Hashable, Sendable {
  /// The algorithm: `direct`, `depthwise`, `im2col-openblas`, `onednn`.
  public var family: String
  /// The activation layout it reads and writes, or what it is called where the library chooses.
  public var layout: String
  /// The register block or another choice inside the family; empty where there is none.
  public var detail: String
  /// The instruction set it was compiled for; nil where a library picks by itself.
  public var instructionSet: InstructionSet?
  /// Whether it sums products or transforms.
  public var accuracy: AccuracyClass
  /// The data type that it computes; a library's variant may compute others as well.
  public var dataType: DataType

  /// An identity.
  public init(
    family: String, layout: String, detail: String = "", instructionSet: InstructionSet? = nil,
    accuracy: AccuracyClass = .exact, dataType: DataType = .f32
  ) {
    self.family = family
    self.layout = layout
    self.detail = detail
    self.instructionSet = instructionSet
    self.accuracy = accuracy
    self.dataType = dataType
  }

  /// The id, such as `direct/nchw16c/14x2/avx512` or `direct/bf16/nhwc/14x2/avx512-bf16`; suites and
  /// `--kernels` match it by glob.
  public var id: String {
    let type = dataType == .f32 ? "" : dataType.rawValue
    return [family, type, layout, detail, instructionSet?.rawValue ?? ""].filter { !$0.isEmpty }
      .joined(separator: "/")
  }
}
