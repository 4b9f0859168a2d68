// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// Depthwise and pointwise convolutions strip by strip, against one reference after the other.
@Suite("Separable variants")
struct SeparableTests {
  /// Depthwise convolutions at every edge: channel tails, strides, padding on one side and on both,
  /// dilation larger than the image, one row, one column, several images.
  static let depthwise = [
    "g16ic16ih6oc16kh3ph1", "g32ic32ih13iw11oc32kh3ph1", "mb3g24ic24ih9iw7oc24kh3sh2ph1",
    "g8ic8ih7oc8kh3sh2", "g17ic17ih8oc17kh3ph1", "mb2g19ic19ih11iw5oc19kh3sh2ph1",
    "g9ic9ih1iw13oc9kh3ph1", "g33ic33ih10oc33kh3ph2dh1", "g40ic40ih14iw9oc40kh5sh2ph2",
    "g16ic16ih5oc16kh7ph3", "mb2g23ic23ih9oc23kh3ph4dh3", "g31ic31ih6iw8oc31kh1",
    "g18ic18ih17iw3oc18kh3kw1sh2ph1pw0", "g64ic64ih5iw4oc64kh2ph1", "g130ic130ih4iw1oc130kh3ph1",
  ]
  /// Level 2 of this machine, where small images are one strip for each worker, and one so small
  /// that a strip is a row or two.
  static let caches = [
    CacheSizes.current, CacheSizes(level1: 32 << 10, level2: 2 << 10),
    CacheSizes(level1: 4 << 10, level2: 12 << 10),
  ]

  private func variants(_ trial: SeparableTrial) -> [SeparableVariant] {
    InstructionSet.available.flatMap { set in
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
      .baseline, layout: .nhwc, caches: CacheSizes(level1: 32 << 10, level2: 512 << 10))
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

/// A separable operation with its data.
struct SeparableTrial {
  let operation: SeparableOperation
  private let input: [Float]
  private let depthwise: Weights
  private let pointwise: Weights
  private let addend: [Float]

  /// Data drawn by `draw`, biases on both, a ReLU at the end and, where wanted, between the two.
  init(
    _ descriptor: String, channels: Int, isRectified: Bool, hasAddend: Bool = false,
    draw: () -> Float
  ) throws {
    let first = try ProblemDescriptor.parse(descriptor).problem
    let second = try ConvolutionProblem(
      batch: first.batch, inChannels: first.outChannels, outChannels: channels,
      input: first.output, kernel: Extent(1, 1))
    let both = SeparableOperation(
      ConvolutionOperation(first, epilogue: Epilogue(hasBias: true, hasReLU: isRectified)),
      ConvolutionOperation(second, epilogue: Epilogue(hasBias: true, hasReLU: true)))
    operation = try #require(both)
    func weights(_ operation: ConvolutionOperation) -> Weights {
      Weights(
        operation, filter: (0..<operation.problem.filterCount).map { _ in draw() },
        bias: (0..<operation.problem.outChannels).map { _ in draw() })
    }
    input = (0..<first.inputShape.count).map { _ in draw() }
    depthwise = weights(operation.depthwise)
    pointwise = weights(operation.pointwise)
    addend = hasAddend ? (0..<second.outputShape.count).map { _ in draw() } : []
  }

  /// One reference after the other.
  var expected: [Float] {
    let between = ReferenceConvolution(operation.depthwise, input: input, weights: depthwise)
    var last = operation.pointwise
    last.epilogue.hasReLU = false
    let sums = ReferenceConvolution(
      last, input: between.values.map { Float($0) }, weights: pointwise)
    return sums.values.enumerated().map { index, sum in
      Float((addend.isEmpty ? sum : sum + Double(addend[index])).rectified)
    }
  }

  /// What `variant` prepares for activations of its own.
  func prepare(_ variant: SeparableVariant, workers: Int) throws -> PreparedOperation {
    try variant.prepare(
      operation, depthwise: depthwise, pointwise: pointwise,
      input: Activation(operation.depthwise.problem.inputShape, layout: variant.layout),
      output: Activation(operation.pointwise.problem.outputShape, layout: variant.layout),
      workers: workers)
  }

  /// What `variant` computes between guards of NaN, the last task first, workers in turn; with
  /// `extraChannels` in the midst of activations that have so many more on each side.
  func run(
    _ variant: SeparableVariant, workers: Int, extraChannels: Int = 0
  ) throws -> [Float] {
    let shape = operation.pointwise.problem.outputShape
    let source = try Activation(
      operation.depthwise.problem.inputShape, layout: variant.layout, isGuarded: true)
    let whole = try Activation(
      ActivationShape(
        batch: shape.batch, channels: shape.channels + 2 * extraChannels, extent: shape.extent),
      layout: variant.layout, isGuarded: true)
    let target = Activation(
      partOf: whole, firstChannel: extraChannels, channels: shape.channels)
    source.load(input)
    var start: Activation?
    if !addend.isEmpty {
      let activation = try Activation(shape, layout: variant.layout, isGuarded: true)
      activation.load(addend)
      start = activation
    }
    let prepared = try variant.prepare(
      operation, depthwise: depthwise, pointwise: pointwise, input: source, output: target,
      addend: start, workers: workers)
    whole.fill(-3)
    target.fillElements(.nan)
    for phase in prepared.phases {
      for task in (0..<phase.tasks).reversed() {
        phase.run(phase.context, task, task + 1, task % workers)
      }
    }
    #expect(source.buffer.guardsAreIntact && whole.buffer.guardsAreIntact)
    #expect(source.values() == input)
    if extraChannels > 0 {
      let others = whole.buffer.count - shape.count
      #expect(whole.buffer.floats.count { $0 == -3 } == others)
    }
    return target.values()
  }
}
