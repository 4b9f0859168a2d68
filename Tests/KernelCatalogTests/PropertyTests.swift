// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import TestSupport
import Testing

@Suite("Properties of every variant")
struct PropertyTests {
  static let descriptors = [
    "ic9ih9oc20kh3ph1", "ic24ih7oc40kh1", "g4ic16ih8oc16kh3ph1", "g16ic16ih9oc16kh3ph1",
    "mb2ic3ih12oc24kh5sh2ph2", "ic130ih6oc33kh3ph2dh1",
  ]

  /// 1×1 convolutions whose rows are cut for the workers, into tiles of every kind.
  static let cutRows = [
    "ic13ih1iw15oc17kh1", "ic24ih1iw29oc40kh1", "ic17ih1iw7oc8kh1", "ic40ih1iw43oc48kh1",
    "ic21ih1iw100oc20kh1", "g3ic33ih1iw31oc75kh1", "ic3ih1iw61oc24kh1", "mb3ic19ih4iw5oc31kh1",
    "g2ic26ih9iw9oc90kh1", "ic50ih1iw8oc47kh1", "ic50ih1iw3oc61kh1", "mb2ic3ih5iw3oc64kh1",
  ]

  @Test(
    "the result does not depend on the number of workers", arguments: Self.descriptors + cutRows,
    DataType.allCases)
  func workersDoNotMatter(descriptor: String, type: DataType) throws {
    var generator = SeededGenerator(seed: 0x307E)
    let trial = Trial(ConvolutionOperation(try EdgeProblems.problem(descriptor, type))) {
      Float.random(in: -1...1, using: &generator)
    }
    // Libraries may cut their sums by the number of workers; ours may not.
    for variant in Catalog.variants where variant.identity.instructionSet != nil {
      guard variant.support(trial.operation, workers: 7) == .supported else { continue }
      let alone = try trial.run(variant, workers: 1).output
      for workers in [2, 3, 4, 5, 7] {
        let message = "\(variant.identity.id) \(workers) workers, seed \(generator.seed)"
        let isEqual = try trial.run(variant, workers: workers).output == alone
        #expect(isEqual, Comment(rawValue: message))
      }
    }
  }

  @Test(
    "every output has one writer",
    arguments: Self.descriptors + [
      "g19ic19ih5oc19kh3ph1", "g20ic40ih4oc40kh3ph1", "mb2g35ic35ih4oc35kh3sh2ph1",
      "ic33ih6oc37kh3ph1", "g3ic12ih3iw15oc60kh1",
    ], DataType.allCases)
  func outputsHaveOneWriter(descriptor: String, type: DataType) throws {
    let trial = Trial(ConvolutionOperation(try EdgeProblems.problem(descriptor, type))) { 1 }
    for variant in Catalog.variants where variant.identity.instructionSet != nil {
      guard variant.support(trial.operation, workers: 3) == .supported else { continue }
      let writers = try trial.writers(variant, workers: 3)
      #expect(writers.allSatisfy { $0 == 1 }, "\(variant.identity.id) \(descriptor)")
    }
  }

  @Test("the result is linear in the filter", arguments: Self.descriptors)
  func isLinearInTheFilter(descriptor: String) throws {
    var generator = SeededGenerator(seed: 0x11EA)
    func draw() -> Float { Float(Int.random(in: -3...3, using: &generator)) }
    let first = Trial(ConvolutionOperation(try EdgeProblems.problem(descriptor)), draw: draw)
    let second = Trial(first, filter: first.weights.filter.map { _ in draw() })
    let sum = Trial(
      first, filter: zip(first.weights.filter, second.weights.filter).map { $0 + 2 * $1 })
    for variant in Catalog.variants where variant.identity.accuracy == .exact {
      guard variant.support(first.operation, workers: 1) == .supported else { continue }
      let expected = zip(try first.run(variant).output, try second.run(variant).output)
        .map { $0 + 2 * $1 }
      let message = "\(variant.identity.id) seed \(generator.seed)"
      let isEqual = try sum.run(variant).output == expected
      #expect(isEqual, Comment(rawValue: message))
    }
  }

  @Test("1×1 is a matrix product", arguments: [(5, 9), (16, 16), (33, 8), (64, 31)])
  func pointwiseIsGEMM(inChannels: Int, outChannels: Int) throws {
    var generator = SeededGenerator(seed: 0x6E33)
    let problem = try ConvolutionProblem(
      inChannels: inChannels, outChannels: outChannels, input: Extent(3, 7), kernel: Extent(1, 1))
    let trial = Trial(ConvolutionOperation(problem)) {
      Float(Int.random(in: -4...4, using: &generator))
    }
    var product = [Float](repeating: 0, count: outChannels * 21)
    for row in 0..<outChannels {
      for inner in 0..<inChannels {
        for column in 0..<21 {
          product[row * 21 + column] +=
            trial.weights.filter[row * inChannels + inner] * trial.input[inner * 21 + column]
        }
      }
    }
    for variant in Catalog.variants where variant.identity.accuracy == .exact {
      guard variant.support(trial.operation, workers: 1) == .supported else { continue }
      let message = "\(variant.identity.id) seed \(generator.seed)"
      let isEqual = try trial.run(variant).output == product
      #expect(isEqual, Comment(rawValue: message))
    }
  }
}
