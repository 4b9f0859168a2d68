// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Suites

/// The variants on offer, and how one is picked where the user names none.
public struct KernelSelection: Sendable {
  /// Picks a variant for each operation of a chain and says why; nil where one has none.
  public typealias Best =
    @Sendable (_ operations: [ConvolutionOperation], _ workers: Int) -> [(
      variant: any ConvolutionVariant, reason: String
    )]?

  /// The pattern that stands for the selection's own choice.
  public static let bestPattern = "best"

  private let variants: [any ConvolutionVariant]
  private let externals: [String]
  private let best: Best

  /// A selection among `variants` and the external contenders named `externals`.
  public init(
    variants: [any ConvolutionVariant], externals: [String] = [], best: @escaping Best
  ) {
    self.variants = variants
    self.externals = externals
    self.best = best
  }

  /// What `pattern` stands for on `suiteCase`: `best`, or every variant and external contender
  /// whose name matches, those that cannot compute the case included as unsupported.
  /// - Throws: `PlanningError.noKernelMatches`.
  func contenders(
    matching pattern: String, for suiteCase: SuiteCase, workers: Int
  ) throws(PlanningError) -> [(contender: Contender, selection: String?)] {
    if pattern == Self.bestPattern { return [picked(for: suiteCase, workers: workers)] }
    let glob = Glob(pattern)
    let named = variants.filter { glob.matches($0.identity.id) }
      .map { (contender: contender($0, for: suiteCase, workers: workers), selection: String?.none) }
    let outside = externals.filter { glob.matches($0) }
      .map { (contender: external($0, for: suiteCase), selection: String?.none) }
    guard !named.isEmpty || !outside.isEmpty else {
      throw .noKernelMatches(
        pattern: pattern, available: variants.map(\.identity.id) + externals)
    }
    return named + outside
  }

  private func operations(_ suiteCase: SuiteCase) -> [ConvolutionOperation] {
    suiteCase.steps.map { ConvolutionOperation($0.problem, epilogue: suiteCase.epilogue) }
  }

  private func picked(
    for suiteCase: SuiteCase, workers: Int
  ) -> (contender: Contender, selection: String?) {
    guard let choices = best(operations(suiteCase), workers) else {
      let reason = "no variant of this build and CPU computes \(suiteCase.descriptor)"
      return (.unsupported(name: Self.bestPattern, reason: reason), nil)
    }
    return (.variants(choices.map(\.variant)), choices.map(\.reason).joined(separator: "; "))
  }

  private func contender(
    _ variant: any ConvolutionVariant, for suiteCase: SuiteCase, workers: Int
  ) -> Contender {
    for operation in operations(suiteCase) {
      if case .unsupported(let reason) = variant.support(operation, workers: workers) {
        return .unsupported(name: variant.identity.id, reason: reason)
      }
    }
    return .variants(suiteCase.steps.map { _ in variant })
  }

  private func external(_ name: String, for suiteCase: SuiteCase) -> Contender {
    suiteCase.steps.count == 1
      ? .external(name: name)
      : .unsupported(name: name, reason: "external contenders compute single convolutions")
  }
}
