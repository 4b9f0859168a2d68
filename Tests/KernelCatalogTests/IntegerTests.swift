// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@Suite("Convolutions of integers")
struct IntegerTests {
  @Test(
    "an output is the scaled sum, rounded to the nearest, of two the even one, and bounded",
    arguments: [
      (1, 10), (3, 12), (5, 12), (-1, 10), (-3, 8), (7, 14), (-19, 0), (-21, 0), (-1000, 0),
      (489, 254), (490, 255), (491, 255), (100_000, 255),
    ])
  func requantization(sum: Int, output: Double) {
    let quantization = Quantization(inputZero: 0, outputZero: 10, scales: [0.5])
    #expect(quantization.output(sum, channel: 0, hasReLU: false) == output)
    #expect(quantization.output(sum, channel: 0, hasReLU: true) == max(10, output))
  }

  @Test("sums and scaled sums have no zero point, and a ReLU ends at zero")
  func wideOutputs() {
    let quantization = Quantization(inputZero: 0, outputZero: 10, scales: [0.5])
    #expect(quantization.output(-3, channel: 0, hasReLU: false, as: .s32) == -3)
    #expect(quantization.output(-3, channel: 0, hasReLU: true, as: .s32) == 0)
    #expect(quantization.output(-3, channel: 0, hasReLU: false, as: .f32) == -1.5)
    #expect(quantization.output(-3, channel: 0, hasReLU: true, as: .f32) == 0)
    #expect(quantization.output(1001, channel: 0, hasReLU: true, as: .f32) == 500.5)
  }

  /// Every operand at an end of its range, where sums of 16-bit products would saturate first.
  @Test(
    "the ends of all ranges are exact",
    arguments: [
      "ic64ih5oc40kh3ph1", "ic7ih4oc20kh3ph2", "g2ic12ih4oc34kh1", "ic130ih2oc17kh1",
      "g70ic70ih6oc70kh3ph1", "g9ic36ih4iw7oc36kh3ph1",
    ],
    [(0, 255), (255, 0), (128, 128)])
  func extremes(descriptor: String, zeros: (input: Int, output: Int)) throws {
    for type in DataType.u8s8.outputs {
      try extremes(try EdgeProblems.problem(descriptor, type), zeros)
    }
  }

  private func extremes(
    _ problem: ConvolutionProblem, _ zeros: (input: Int, output: Int)
  ) throws {
    for epilogue in ConformanceTests.epilogues {
      var generator = SeededGenerator(seed: 0x0108)
      let operation = ConvolutionOperation(problem, epilogue: epilogue)
      var trial = Trial(operation) { Bool.random(using: &generator) ? 4 : -4 }
      trial.input = trial.input.map { $0 > 128 ? 255 : 0 }
      trial.weights.filter = trial.weights.filter.map { $0 > 0 ? 127 : -128 }
      trial.weights.quantization = Quantization(
        inputZero: zeros.input, outputZero: zeros.output,
        scales: (0..<problem.outChannels).map { Float(1 + $0) * 0x1p-16 })
      let expected = trial.reference.values
      for variant in Catalog.variants where variant.support(operation, workers: 1) == .supported {
        let output = try trial.run(variant).exact
        // A library may round once more.
        let most: Double = variant.identity.instructionSet == nil ? 1 : 0
        let isEqual = zip(output, expected).allSatisfy { abs($0 - $1) <= most }
        #expect(isEqual, "\(variant.identity.id) \(epilogue)")
      }
    }
  }

  @Test(
    "sums of more bits than a float has are exact",
    arguments: ["ic140ih5oc40kh3ph1", "ic600ih3oc17kh1", "g2ic1100ih3oc34kh1"])
  func longSums(descriptor: String) throws {
    var generator = SeededGenerator(seed: 0x010B)
    let problem = try EdgeProblems.problem(descriptor, .u8s8s32)
    var trial = Trial(ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true))) {
      Float(Int.random(in: -4...4, using: &generator))
    }
    trial.input = trial.input.map { 255 - $0.truncatingRemainder(dividingBy: 3) }
    trial.weights.filter = trial.weights.filter.map {
      127 - abs($0).truncatingRemainder(dividingBy: 3)
    }
    trial.weights.quantization = Quantization(
      inputZero: 0, outputZero: 0, scales: [Float](repeating: 1, count: problem.outChannels))
    let expected = trial.expected
    #expect(expected.contains { $0 > 0x1p24 && Double(Float($0)) != $0 })
    for variant in Catalog.variants where variant.identity.instructionSet != nil {
      guard variant.support(trial.operation, workers: 1) == .supported else { continue }
      let isEqual = try trial.run(variant).exact == expected
      #expect(isEqual, "\(variant.identity.id)")
    }
  }

  /// With a scale of 2⁻ᵏ an output is a shift of its sum, in integers alone.
  @Test(
    "outputs at both ends and halfway between two are those of integer arithmetic",
    arguments: [
      "ic12ih9oc40kh1", "ic7ih6oc20kh3ph1", "g70ic70ih9iw13oc70kh3ph1", "g9ic36ih4iw7oc36kh3ph1",
      "g66ic66ih8iw9oc66kh5sh2ph2",
    ], [false, true])
  func shifts(descriptor: String, hasReLU: Bool) throws {
    var generator = SeededGenerator(seed: 0x010C)
    let problem = try EdgeProblems.problem(descriptor, .u8s8)
    for _ in 0..<4 {
      var trial = Trial(
        ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true, hasReLU: hasReLU))
      ) { Float(Int.random(in: -4...4, using: &generator)) }
      let zero = Int.random(in: 90...165, using: &generator)
      let shift = (0..<problem.outChannels).map { 1 + $0 % 8 }
      // Few different sums for the larger shifts, so that halves are among them.
      trial.weights.filter = trial.weights.filter.map { ($0 / 32).rounded() }
      trial.weights.bias = trial.weights.bias.map { ($0 / 8).rounded() }
      trial.weights.quantization = Quantization(
        inputZero: 119, outputZero: zero,
        scales: shift.map { Float(sign: .plus, exponent: -$0, significand: 1) })
      var sums = trial
      sums.operation.problem.dataType = .u8s8s32
      sums.operation.epilogue.hasReLU = false
      let drawn = sums.reference.values.enumerated().map { place, sum in
        Shifted(
          Int(sum), by: shift[place / problem.output.area % problem.outChannels], zero: zero,
          hasReLU: hasReLU)
      }
      #expect(drawn.contains { $0.value == (hasReLU ? zero : 0) && $0.isBounded })
      #expect(drawn.contains { $0.value == 255 && $0.isBounded })
      #expect(drawn.count { $0.isHalf && !$0.isBounded } > drawn.count / 200)
      let expected = drawn.map { Double($0.value) }
      #expect(trial.expected == expected)
      for variant in Catalog.variants where variant.identity.instructionSet != nil {
        guard variant.support(trial.operation, workers: 1) == .supported else { continue }
        let isEqual = try trial.run(variant).exact == expected
        #expect(isEqual, "\(variant.identity.id) zero \(zero)")
      }
    }
  }

  /// A sum over 2ᵏ, rounded to the nearest, of two the even one, and bounded.
  private struct Shifted {
    let value: Int, isHalf: Bool, isBounded: Bool

    init(_ sum: Int, by shift: Int, zero: Int, hasReLU: Bool) {
      let (floor, rest, half) = (sum >> shift, sum & (1 << shift - 1), 1 << (shift - 1))
      let rounded = rest > half || rest == half && floor & 1 == 1 ? floor + 1 : floor
      value = min(max(rounded + zero, hasReLU ? zero : 0), 255)
      isHalf = rest == half
      isBounded = value != rounded + zero
    }
  }

  /// Where a conversion to 32 bits would overflow.
  @Test(
    "sums of more than 2³¹ steps of the output are bounded",
    arguments: ["ic64ih5oc40kh3ph1", "g70ic70ih6oc70kh3ph1", "g9ic36ih4iw7oc36kh3ph1"])
  func farOutputs(descriptor: String) throws {
    var generator = SeededGenerator(seed: 0x010A)
    let problem = try EdgeProblems.problem(descriptor, .u8s8)
    var trial = Trial(ConvolutionOperation(problem)) {
      Float(Int.random(in: -4...4, using: &generator))
    }
    trial.weights.quantization = Quantization(
      inputZero: 119, outputZero: 121,
      scales: (0..<problem.outChannels).map { $0 % 2 == 0 ? 0x1p20 : 0x1p-12 })
    let expected = trial.reference.values
    #expect(expected.contains(0) && expected.contains(255))
    for variant in Catalog.variants where variant.identity.instructionSet != nil {
      guard variant.support(trial.operation, workers: 1) == .supported else { continue }
      let isEqual = try trial.run(variant).exact == expected
      #expect(isEqual, "\(variant.identity.id)")
    }
  }

  @Test("the reference of a sample is that of all outputs")
  func sampled() throws {
    var generator = SeededGenerator(seed: 0x0109)
    let operation = ConvolutionOperation(
      try EdgeProblems.problem("ic5ih6oc7kh3ph1", .u8s8), epilogue: Epilogue(hasBias: true))
    let trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    let indices = [0, 5, 40, 200]
    let sample = ReferenceConvolution(
      operation, input: trial.input, weights: trial.weights, at: indices)
    #expect(sample.values == indices.map { trial.reference.values[$0] })
  }
}
