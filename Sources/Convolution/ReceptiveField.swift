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

  /// The field after `problem` has been put behind the layers so far.
  public func seen(through problem: ConvolutionProblem) -> ReceptiveField {
    ReceptiveField(
      height: height + (problem.dilatedKernel.height - 1) * step.height,
      width: width + (problem.dilatedKernel.width - 1) * step.width,
      step: Extent(step.height * problem.stride.height, step.width * problem.stride.width))
  }
}
