// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

/// The reference of deformable convolution against torchvision's numbers.
@Suite("Reference of deformable convolution")
struct DeformableReferenceTests {
  /// Every number involved is a multiple of 2⁻⁴⁰ below 2⁶, so that Double sums are exact.
  @Test("it computes what torchvision computes", arguments: TorchvisionNumbers.cases)
  func agreesWithTorchvision(numbers: TorchvisionNumbers) throws {
    let problem = try ProblemDescriptor.parse(numbers.descriptor).problem
    let operation = try DeformableOperation(
      ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true)),
      offsetGroups: numbers.offsetGroups, isModulated: numbers.isModulated)
    var offsets = Self.numbers(operation.offsetShape.count, seed: 2, largest: numbers.largestOffset)
    if numbers.name == "infinite" {
      for place in offsets.indices where place % 5 == 0 { offsets[place] = .infinity }
      for place in offsets.indices where place % 7 == 3 { offsets[place] = -.infinity }
    }
    let reference = ReferenceConvolution(
      operation, input: Self.numbers(problem.inputShape.count, seed: 1, largest: 2),
      offsets: offsets,
      mask: numbers.isModulated
        ? Self.numbers(operation.maskShape.count, seed: 5, largest: 1) : [],
      weights: Weights(
        operation.convolution, filter: Self.numbers(problem.filterCount, seed: 3, largest: 1),
        bias: Self.numbers(problem.outChannels, seed: 4, largest: 1)))
    #expect(reference.values == numbers.output)
  }

  /// Without offsets it is the rectangular convolution.
  @Test("without offsets it is the rectangular convolution")
  func zeroOffsetsAreRectangular() throws {
    let problem = try ProblemDescriptor.parse("g2ic4ih6iw5oc6kh3sh2ph1dh1").problem
    let operation = try DeformableOperation(ConvolutionOperation(problem), offsetGroups: 2)
    let input = Self.numbers(problem.inputShape.count, seed: 1, largest: 2)
    let weights = Weights(
      operation.convolution, filter: Self.numbers(problem.filterCount, seed: 3, largest: 1))
    let deformable = ReferenceConvolution(
      operation, input: input,
      offsets: [Float](repeating: 0, count: operation.offsetShape.count), mask: [],
      weights: weights)
    let rectangular = ReferenceConvolution(operation.convolution, input: input, weights: weights)
    #expect(deformable.values == rectangular.values)
    #expect(deformable.values.contains { $0 != 0 })
  }

  @Test("channels must be divisible by the offset groups")
  func groupsDivideChannels() throws {
    let problem = try ProblemDescriptor.parse("ic4ih6oc6kh3ph1").problem
    #expect(throws: ProblemError.self) {
      try DeformableOperation(ConvolutionOperation(problem), offsetGroups: 3)
    }
  }

  /// The rule of ci/torchvision-numbers.py: multiples of 1/256 of at most `largest`.
  private static func numbers(_ count: Int, seed: Int, largest: Int) -> [Float] {
    let span = 2 * largest * 256 + 1
    return (0..<count).map {
      Float(($0 * 7919 + seed * 104_729) % span - largest * 256) / 256
    }
  }
}
