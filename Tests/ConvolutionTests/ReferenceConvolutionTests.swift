// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@Suite("The reference")
struct ReferenceConvolutionTests {
  private func values(
    _ descriptor: String, input: [Float], filter: [Float], bias: [Float] = [], relu: Bool = false
  ) throws -> [Double] {
    let operation = ConvolutionOperation(
      try ProblemDescriptor.parse(descriptor).problem,
      epilogue: Epilogue(hasBias: !bias.isEmpty, hasReLU: relu))
    let weights = Weights(operation, filter: filter, bias: bias)
    return ReferenceConvolution(operation, input: input, weights: weights).values
  }

  @Test("The kernel is not flipped")
  func crossCorrelation() throws {
    // Worked by hand: the top left output is 1·1 + 2·2 + 4·3 + 5·4.
    let result = try values(
      "ic1ih3oc1kh2", input: [1, 2, 3, 4, 5, 6, 7, 8, 9], filter: [1, 2, 3, 4])
    #expect(result == [37, 47, 67, 77])
  }

  @Test("Padding stands for zeros, on each side by itself")
  func asymmetricPadding() throws {
    // One column after the image and none before it; the last output sees a single pixel.
    let result = try values("ic1ih1iw3oc1oh1ow3kh1kw2ph0pw0", input: [1, 2, 3], filter: [10, 1])
    #expect(result == [12, 23, 30])
  }

  @Test("Stride steps over outputs")
  func stride() throws {
    let result = try values("ic1iw5oc1kw1sw2", input: [1, 2, 3, 4, 5], filter: [2])
    #expect(result == [2, 6, 10])
  }

  @Test("Dilation spreads the taps")
  func dilation() throws {
    let result = try values("ic1iw5oc1kw2dw2", input: [1, 2, 3, 4, 5], filter: [1, 10])
    #expect(result == [41, 52])
  }

  @Test("Channels add up within a group and not across")
  func groups() throws {
    let result = try values(
      "g2ic4iw1oc4kw1", input: [1, 2, 3, 4], filter: [1, 1, 1, 0, 1, 1, 0, 1])
    #expect(result == [3, 1, 7, 4])
  }

  @Test("Each image of a batch is computed by itself")
  func batch() throws {
    #expect(try values("mb2ic1iw2oc1kw2", input: [1, 2, 3, 4], filter: [1, 10]) == [21, 43])
  }

  @Test("A ReLU keeps NaN")
  func rectifiedNaN() throws {
    let result = try values("ic1iw2oc1kw1", input: [.nan, -.infinity], filter: [1], relu: true)
    #expect(result[0].isNaN && result[1] == 0)
  }

  @Test("Bias comes before ReLU")
  func epilogue() throws {
    let input: [Float] = [1, -1]
    #expect(try values("ic1iw2oc1kw1", input: input, filter: [2], bias: [-1]) == [1, -3])
    #expect(
      try values("ic1iw2oc1kw1", input: input, filter: [2], bias: [-1], relu: true) == [1, 0])
    #expect(try values("ic1iw2oc1kw1", input: input, filter: [2], bias: [3], relu: true) == [5, 1])
  }

  @Test("Magnitudes are the sum of the absolute products and of the bias, whatever ReLU does")
  func magnitudes() throws {
    let operation = ConvolutionOperation(
      try ProblemDescriptor.parse("ic1iw3oc1kw2").problem,
      epilogue: Epilogue(hasBias: true, hasReLU: true))
    let reference = ReferenceConvolution(
      operation, input: [1, -2, -3], weights: Weights(operation, filter: [4, 5], bias: [-6]))
    #expect(reference.values == [0, 0])
    #expect(reference.magnitudes == [20, 29])
  }

  @Test("Computed in rows or one output at a time, the result is the same")
  func sampledForm() throws {
    for seed in UInt64(0)..<300 {
      var generator = SeededGenerator(seed: seed)
      let problem = try generator.problem()
      let operation = ConvolutionOperation(
        problem, epilogue: Epilogue(hasBias: seed % 2 == 0, hasReLU: seed % 3 == 0))
      let input = generator.smallIntegers(problem.inputShape.count)
      let weights = Weights(
        operation, filter: generator.smallIntegers(problem.filterCount),
        bias: generator.smallIntegers(operation.epilogue.hasBias ? problem.outChannels : 0))
      let whole = ReferenceConvolution(operation, input: input, weights: weights)
      let indices = Array((0..<problem.outputShape.count).shuffled(using: &generator).prefix(20))
      let sampled = ReferenceConvolution(operation, input: input, weights: weights, at: indices)
      let text = ProblemDescriptor.print(problem)
      #expect(whole.sampledIndices == nil)
      #expect(sampled.sampledIndices == indices)
      #expect(sampled.values == indices.map { whole.values[$0] }, "seed \(seed): \(text)")
      #expect(sampled.magnitudes == indices.map { whole.magnitudes[$0] }, "seed \(seed): \(text)")
    }
  }

  @Test("The result is linear in the filter")
  func linearity() throws {
    for seed in UInt64(0)..<100 {
      var generator = SeededGenerator(seed: seed)
      let problem = try generator.problem()
      let operation = ConvolutionOperation(problem)
      let input = generator.smallIntegers(problem.inputShape.count)
      let first = generator.smallIntegers(problem.filterCount)
      let second = generator.smallIntegers(problem.filterCount)
      let results = [first, second, zip(first, second).map { 2 * $0 + $1 }].map { filter in
        ReferenceConvolution(
          operation, input: input, weights: Weights(operation, filter: filter)
        ).values
      }
      #expect(zip(results[0], results[1]).map { 2 * $0 + $1 } == results[2], "seed \(seed)")
    }
  }
}
