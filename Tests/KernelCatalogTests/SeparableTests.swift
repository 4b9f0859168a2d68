// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// Depthwise and pointwise convolutions strip by strip, against one reference after the other.
@Suite("Separable variants")
struct SeparableTests {
  static let depthwise = EdgeProblems.separable
  /// Level 2 of this machine, where small images are one strip for each worker, and one so small
  /// that a strip is a row or two.
  static let caches = [
    CacheSizes.current, CacheSizes(level1: 32 << 10, level2: 2 << 10),
    CacheSizes(level1: 4 << 10, level2: 12 << 10),
  ]

  private func variants(_ trial: SeparableTrial) -> [SeparableVariant] {
    InstructionSet.available(for: .f32).flatMap { set in
      [Layout.nhwc, .channelBlocked(lanes: set.lanes)].flatMap { layout in
        Self.caches.map { SeparableVariant(set, layout: layout, caches: $0) }
      }
    }.filter { $0.support(trial.operation) == .supported }
  }

  @Test("sums of small integers are exact", arguments: Self.depthwise)
  func integersAreExact(descriptor: String) throws {
    for (channels, isRectified) in [(1, true), (8, false), (21, true), (64, true)] {
      var generator = SeededGenerator(seed: UInt64(channels))
      let trial = try SeparableTrial(descriptor, channels: channels, isRectified: isRectified) {
        Float(Int.random(in: -2...2, using: &generator))
      }
      let expected = trial.expected
      #expect(channels == 1 || expected.contains { $0 != 0 })
      for variant in variants(trial) {
        for workers in [1, 2, 3, 7] {
          let text = "\(variant.identity.id) \(descriptor) to \(channels), \(workers) workers"
          #expect(try trial.run(variant, workers: workers) == expected, "\(text)")
        }
      }
    }
  }

  @Test("the result does not depend on the number of workers", arguments: Self.depthwise)
  func workersDoNotMatter(descriptor: String) throws {
    for channels in [8, 21, 40] {
      var generator = SeededGenerator(seed: UInt64(channels))
      let trial = try SeparableTrial(descriptor, channels: channels, isRectified: false) {
        Float.random(in: -1...1, using: &generator)
      }
      for variant in variants(trial) {
        let alone = try trial.run(variant, workers: 1)
        for workers in [2, 3, 7] {
          let isEqual = try trial.run(variant, workers: workers) == alone
          #expect(isEqual, "\(variant.identity.id) \(descriptor) to \(channels), \(workers)")
        }
      }
    }
  }

  @Test("sums start from another tensor", arguments: Self.depthwise)
  func sumsStartFromAnotherTensor(descriptor: String) throws {
    var generator = SeededGenerator(seed: 5)
    let trial = try SeparableTrial(descriptor, channels: 24, isRectified: true, hasAddend: true) {
      Float(Int.random(in: -2...2, using: &generator))
    }
    for variant in variants(trial) {
      #expect(
        try trial.run(variant, workers: 2) == trial.expected,
        "\(variant.identity.id) \(descriptor)")
    }
  }

  @Test("write a range of channels of other activations and nothing beside it")
  func writesAPart() throws {
    for descriptor in Self.depthwise {
      var generator = SeededGenerator(seed: 6)
      let trial = try SeparableTrial(descriptor, channels: 13, isRectified: true) {
        Float(Int.random(in: -2...2, using: &generator))
      }
      for variant in variants(trial) where variant.layout == .nhwc {
        #expect(
          try trial.run(variant, workers: 2, extraChannels: 5) == trial.expected,
          "\(variant.identity.id) \(descriptor)")
      }
    }
  }

  @Test("each worker has a strip of its own, no larger than a half of level 2 where rows fit")
  func scratchIsStated() throws {
    let trial = try SeparableTrial("g128ic128ih56oc128kh3ph1", channels: 32, isRectified: true) {
      1
    }
    for variant in variants(trial) {
      let one = try trial.prepare(variant, workers: 1).scratchBytes
      let three = try trial.prepare(variant, workers: 3).scratchBytes
      let row = 56 * 128 * 4
      #expect(one >= row && three >= 3 * row)
      #expect(three <= 3 * (one + row))
    }
    let standard = SeparableVariant(
      InstructionSet.allCases[0], layout: .nhwc,
      caches: CacheSizes(level1: 32 << 10, level2: 512 << 10))
    let bytes = try trial.prepare(standard, workers: 1).scratchBytes
    #expect(bytes > 128 << 10 && bytes <= 320 << 10)
  }

  @Test("the operation is a depthwise convolution and a pointwise one that fits")
  func operations() throws {
    let depthwise = try ProblemDescriptor.parse("g16ic16ih6oc16kh3ph1").problem
    func fits(_ first: ConvolutionProblem, _ text: String) throws -> Bool {
      let second = try ProblemDescriptor.parse(text).problem
      return SeparableOperation(ConvolutionOperation(first), ConvolutionOperation(second)) != nil
    }
    #expect(try fits(depthwise, "ic16ih6oc24kh1"))
    for text in [
      "ic16ih6oc24kh3ph1", "ic16ih6oc24kh1sh2", "g2ic16ih6oc24kh1", "ic16ih6oc24kh1ph1",
      "ic16ih5oc24kh1", "ic8ih6oc24kh1", "mb2ic16ih6oc24kh1",
    ] {
      #expect(try !fits(depthwise, text), "\(text)")
    }
    let doubling = try ProblemDescriptor.parse("g16ic16ih6oc32kh3ph1").problem
    #expect(try !fits(doubling, "ic32ih6oc24kh1"))
    let grouped = try ProblemDescriptor.parse("g8ic16ih6oc16kh3ph1").problem
    #expect(try !fits(grouped, "ic16ih6oc24kh1"))
  }
}

extension SeparableTrial {
  /// What `variant` computes, and nothing beside it.
  func run(
    _ variant: SeparableVariant, workers: Int, extraChannels: Int = 0
  ) throws -> [Float] {
    let result = try compute(variant, workers: workers, extraChannels: extraChannels)
    #expect(result.isContained)
    return result.output
  }
}
