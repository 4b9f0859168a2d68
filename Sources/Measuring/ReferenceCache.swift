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

  /// References of all outputs as far as that is cheap, or always of a sample.
  init(isSampled: Bool = false) {
    self.isSampled = isSampled
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
    let reference =
      isSampled && CostModel(operation.problem).macs > Self.sampledProducts / 10
      ? ReferenceConvolution(
        operation, input: data.input, weights: data.weights[0],
        at: Self.sampledOutputs(operation.problem, products: Self.sampledProducts / 10))
      : Self.reference(operation, input: data.input, weights: data.weights[0])
    references[key] = reference
    return reference
  }

  /// The reference of one operation: of all outputs, or of a sample of a large problem.
  static func reference(
    _ operation: ConvolutionOperation, input: [Float], weights: Weights
  ) -> ReferenceConvolution {
    guard CostModel(operation.problem).macs > fullCheckMACs else {
      return ReferenceConvolution(operation, input: input, weights: weights)
    }
    return ReferenceConvolution(
      operation, input: input, weights: weights, at: sampledOutputs(operation.problem))
  }

  /// Outputs that show an error of any tile: the corners of every channel of the first and the
  /// last image, and others drawn at random from a fixed seed, half of them where taps meet the
  /// image, which may be a small part of what is mostly padding.
  static func sampledOutputs(
    _ problem: ConvolutionProblem, products: Int = sampledProducts
  ) -> [Int] {
    let terms = problem.inChannelsPerGroup * problem.kernel.area
    let wanted = max(4096, products / terms)
    let area = problem.output.area
    let width = problem.output.width
    var indices: Set<Int> = []
    for image in Set([0, problem.batch - 1]) {
      for channel in 0..<problem.outChannels {
        let plane = (image * problem.outChannels + channel) * area
        indices.formUnion([plane, plane + width - 1, plane + area - width, plane + area - 1])
      }
    }
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
}
