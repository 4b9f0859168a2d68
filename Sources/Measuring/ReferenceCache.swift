// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Statistics

/// The references of the group at hand, computed once and shared by its contenders.
final class ReferenceCache {
  /// Up to this many multiply-accumulates every output is checked: about half a second.
  static let fullCheckMACs = 250_000_000
  /// Of each layer of a model, which is compared with another runtime, too, so many suffice.
  static let modelProducts = 10_000_000
  /// Above it, so many products are spent on a sample of the outputs.
  static let sampledProducts = 100_000_000

  private var references: [Key: ReferenceConvolution] = [:]
  private let isSampled: Bool
  /// Whether what is checked part by part is to stop between two of them.
  let isStopped: () -> Bool

  /// References of all outputs as far as that is cheap, or always of a sample.
  init(isSampled: Bool = false, isStopped: @escaping () -> Bool = { false }) {
    self.isSampled = isSampled
    self.isStopped = isStopped
  }

  private struct Key: Hashable {
    var caseName: String
    var step: Int
  }

  /// The reference of the first step of a case, whose input all contenders share.
  func firstStep(of caseName: String, data: CaseData) -> ReferenceConvolution {
    let key = Key(caseName: caseName, step: 0)
    if let known = references[key] { return known }
    let operation = data.operations[0]
    let few = Self.sampledProducts / 10
    let indices =
      isSampled && CostModel(operation.problem).macs > few
      ? Self.sampledOutputs(operation.problem, products: few)
      : Self.checkedOutputs(operation.problem)
    let reference = ReferenceConvolution(
      operation, input: data.input, weights: data.weights[0], at: indices)
    references[key] = reference
    return reference
  }

  /// The outputs that are checked of a large problem; nil of others, of which all are.
  static func checkedOutputs(_ problem: ConvolutionProblem) -> [Int]? {
    CostModel(problem).macs > fullCheckMACs ? sampledOutputs(problem) : nil
  }

  /// Outputs that show an error of any tile: the corners of every channel of the first and the
  /// last image, and others drawn at random from a fixed seed, half of them where taps meet the
  /// image, which may be a small part of what is mostly padding.
  static func sampledOutputs(
    _ problem: ConvolutionProblem, products: Int = sampledProducts
  ) -> [Int] {
    let terms = problem.inChannelsPerGroup * problem.kernel.area
    let wanted = max(4096, products / terms)
    let (area, width) = (problem.output.area, problem.output.width)
    var indices = corners(problem)
    var generator = SplitMix64(seed: 0x5EED)
    let count = problem.outputShape.count
    let inside = problem.outputsOverImage
    if !inside.rows.isEmpty, !inside.columns.isEmpty {
      for _ in 0..<min(wanted, count) / 2 {
        let plane = Int.random(in: 0..<problem.batch * problem.outChannels, using: &generator)
        let row = Int.random(in: inside.rows, using: &generator)
        let column = Int.random(in: inside.columns, using: &generator)
        indices.insert(plane * area + row * width + column)
      }
    }
    while indices.count < min(wanted, count) {
      indices.insert(Int.random(in: 0..<count, using: &generator))
    }
    return indices.sorted()
  }

  /// The corners of every channel of the first and the last image.
  private static func corners(_ problem: ConvolutionProblem) -> Set<Int> {
    let (area, width) = (problem.output.area, problem.output.width)
    var indices: Set<Int> = []
    for image in Set([0, problem.batch - 1]) {
      for channel in 0..<problem.outChannels {
        let plane = (image * problem.outChannels + channel) * area
        indices.formUnion([plane, plane + width - 1, plane + area - width, plane + area - 1])
      }
    }
    return indices
  }
}
