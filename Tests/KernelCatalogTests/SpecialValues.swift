// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

/// Values that few numbers meet: NaN, infinities, zeros of both signs, the smallest and the largest.
enum SpecialValues {
  static let all: [Float] = [
    .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, -0x1p-140, 3e38, -3e38,
  ]

  /// Which tensors hold special values.
  enum Place: CaseIterable {
    case input, filter, both, bias
  }

  /// Small integers, and special values at drawn positions of the tensors that `place` names.
  static func trial(
    _ operation: ConvolutionOperation, _ place: Place, _ generator: inout SeededGenerator
  ) -> Trial {
    var trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    let type = operation.problem.dataType
    if place == .input || place == .both { set(&trial.input, &generator, type) }
    if place == .filter || place == .both { set(&trial.weights.filter, &generator, type) }
    if place == .bias { set(&trial.weights.bias, &generator) }
    return trial
  }

  /// One in forty elements, at least one: enough that every kind of tile meets some, and so few that
  /// most outputs stay finite.
  static func set(
    _ values: inout [Float], _ generator: inout SeededGenerator, _ type: DataType = .f32
  ) {
    guard !values.isEmpty else { return }
    for _ in 0..<max(1, min(6, values.count / 40)) {
      let place = Int.random(in: 0..<values.count, using: &generator)
      values[place] = type.input.nearest(all[Int.random(in: 0..<all.count, using: &generator)])
    }
  }
}
