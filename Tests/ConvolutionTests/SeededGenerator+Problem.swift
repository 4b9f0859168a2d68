// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

extension SeededGenerator {
  /// A valid problem of small sizes, with everything different along height and width.
  mutating func problem(of types: [DataType] = [.f32]) throws -> ConvolutionProblem {
    // Where the kernel does not fit, the next numbers are tried; most do.
    for _ in 0..<100 {
      if let problem = try? candidate(types) { return problem }
    }
    return try candidate(types)
  }

  private mutating func candidate(_ types: [DataType]) throws(ProblemError) -> ConvolutionProblem {
    let groups = Int.random(in: 1...3, using: &self)
    return try ConvolutionProblem(
      groups: groups, batch: .random(in: 1...2, using: &self),
      inChannels: groups * .random(in: 1...3, using: &self),
      outChannels: groups * .random(in: 1...3, using: &self),
      input: extent(1...9), kernel: extent(1...4), stride: extent(1...3),
      padding: Padding(
        top: .random(in: 0...4, using: &self), left: .random(in: 0...4, using: &self),
        bottom: .random(in: 0...4, using: &self), right: .random(in: 0...4, using: &self)),
      dilation: extent(1...3), dataType: types.randomElement(using: &self) ?? .f32)
  }

  /// Values of a few bits, whose sums floats hold exactly.
  mutating func smallIntegers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int.random(in: -4...4, using: &self)) }
  }

  private mutating func extent(_ range: ClosedRange<Int>) -> Extent {
    Extent(.random(in: range, using: &self), .random(in: range, using: &self))
  }
}
