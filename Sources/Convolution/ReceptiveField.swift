// SPDX-License-Identifier: Apache-2.0

/// The part of the first input that one output of a sequence of convolutions depends on.
///
/// - Source: Araujo, Norris, Sim: Computing receptive fields of convolutional neural networks,
///   Distill 2019.
public struct ReceptiveField: Hashable, Sendable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// Rows and columns of the first input between neighbouring outputs.
  private let step: Extent

  /// The field of an input pixel: itself.
  public static let pixel = ReceptiveField(height: 1, width: 1, step: Extent(1, 1))

  /// The largest field and the largest step: far above any image, far below overflow.
  public static let largest = 1 << 56

  /// The field after `problem` has been put behind the layers so far.
  /// - Throws: `ProblemError.receptiveFieldTooLarge`.
  public func seen(through problem: ConvolutionProblem) throws(ProblemError) -> ReceptiveField {
    let step = Extent(
      try Self.product(self.step.height, problem.stride.height),
      try Self.product(self.step.width, problem.stride.width))
    return ReceptiveField(
      height: try Self.sum(height, problem.dilatedKernel.height - 1, self.step.height),
      width: try Self.sum(width, problem.dilatedKernel.width - 1, self.step.width), step: step)
  }

  private static func product(_ left: Int, _ right: Int) throws(ProblemError) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    guard !overflow, product <= largest else { throw .receptiveFieldTooLarge(accepted: largest) }
    return product
  }

  private static func sum(
    _ size: Int, _ steps: Int, _ step: Int
  ) throws(ProblemError) -> Int {
    let sum = try product(steps, step) + size
    guard sum <= largest else { throw .receptiveFieldTooLarge(accepted: largest) }
    return sum
  }
}
