// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

enum RandomProblems {
  /// Draws 300 problems of the variant's type, or nil for sizes that do not fit together, and expects on small
  /// integers what the reference gives, to the last bit, and nothing written beside it.
  static func check(
    _ variant: any ConvolutionVariant, seed: UInt64,
    _ problem: (DataType, inout SeededGenerator) -> ConvolutionProblem?
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var checked = 0
    for number in 0..<300 {
      guard let problem = problem(variant.identity.dataType, &generator) else { continue }
      let operation = ConvolutionOperation(
        problem, epilogue: Epilogue(hasBias: number % 2 == 0, hasReLU: number % 3 == 0))
      guard variant.support(operation, workers: 2) == .supported else { continue }
      checked += 1
      let trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
      let expected = trial.expected
      let result = try trial.run(variant, workers: 2)
      let isRight = result.exact == expected && result.isContained
      #expect(
        isRight, "\(variant.identity.id) seed \(seed), trial \(number): \(operation)")
    }
    #expect(checked > 100)
  }
}
