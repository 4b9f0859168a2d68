// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Suites

/// A change of a network: what stands in place of one of its convolutions, or of two in a row.
public struct Idea: Hashable, Sendable {
  /// What kind of change it is.
  public let kind: IdeaKind
  /// The same with its numbers, such as `groups of 4`.
  public let detail: String
  /// The network's layers that it replaces, in order.
  public let layers: [SuiteCase]
  /// What they are, as one case.
  public let original: SuiteCase
  /// What stands in their place.
  public let replacement: SuiteCase

  /// An idea that puts `steps` in the place of `layers`.
  init(_ kind: IdeaKind, _ detail: String, _ layers: [SuiteCase], steps: [ConvolutionProblem]) {
    self.init(kind, detail, layers) { name in
      SuiteCase(
        name: name, steps: steps.map { NamedProblem($0) }, epilogue: layers[0].epilogue,
        multiplicity: layers[0].multiplicity)
    }
  }

  /// An idea that puts a block in the place of `layers`.
  init(_ kind: IdeaKind, _ detail: String, _ layers: [SuiteCase], graph: OperationGraph) {
    self.init(kind, detail, layers) { name in
      SuiteCase(name: name, graph: graph, form: .fused, multiplicity: layers[0].multiplicity)
    }
  }

  private init(
    _ kind: IdeaKind, _ detail: String, _ layers: [SuiteCase], replacement: (String) -> SuiteCase
  ) {
    self.kind = kind
    self.detail = detail
    self.layers = layers
    let name = layers.map(\.name).joined(separator: " + ")
    original = SuiteCase(
      name: name, steps: layers.flatMap(\.steps), epilogue: layers[0].epilogue,
      multiplicity: layers[0].multiplicity)
    self.replacement = replacement("\(name): \(detail)")
  }

  /// How often the network has the layers.
  public var times: Int { layers[0].multiplicity }

  /// The speedup that the multiply-accumulates promise.
  public var promised: Double {
    Double(original.cost.macs) / Double(max(replacement.cost.macs, 1))
  }

  /// Whether what follows in the network reads the same shape as before.
  public var keepsShape: Bool { original.outputShape == replacement.outputShape }

  /// Rows and columns of the input that an output depends on, before and after; nil where they are
  /// larger than any image, or depend on the data as those of a deformable convolution and of
  /// squeeze-excitation do.
  public var fields: (before: ReceptiveField, after: ReceptiveField)? {
    guard kind != .deformable, kind != .squeezeExcitation,
      let before = Self.field(original), let after = Self.field(replacement)
    else { return nil }
    return (before, after)
  }

  private static func field(_ suiteCase: SuiteCase) -> ReceptiveField? {
    try? suiteCase.steps.reduce(ReceptiveField.pixel) { try $0.seen(through: $1.problem) }
  }
}
