// SPDX-License-Identifier: Apache-2.0

extension Verification {
  /// The same, with what was compared in front of what is wrong.
  public func named(_ name: String) -> Verification {
    guard case .wrong(let text) = outcome else { return self }
    return Verification(
      outcome: .wrong("\(name): \(text)"), worstErrorShare: worstErrorShare,
      relativeRMSError: relativeRMSError)
  }

  /// Compares `output` with what another runtime has computed, which is rounded itself.
  /// - Parameters:
  ///   - output: what was computed, in the order of `expected`.
  ///   - expected: what the other runtime gave.
  ///   - largestError: root mean square of the difference over that of `expected` that is accepted.
  ///   - source: the other runtime.
  public init(output: TensorValues, expected: TensorValues, largestError: Double, source: String) {
    guard output.count == expected.count else {
      self.init(
        outcome: .wrong(
          "\(output.count) elements, and \(expected.count) of \(source)"),
        worstErrorShare: .nan, relativeRMSError: .nan)
      return
    }
    var (error, size) = (0.0, 0.0)
    for (mine, other) in zip(output, expected) where mine != other {
      if mine.isNaN && other.isNaN { continue }
      let difference = Double(mine) - Double(other)
      error += difference * difference
    }
    for other in expected where other.isFinite { size += Double(other) * Double(other) }
    // Where all should be zero, the difference itself counts.
    let relative = (size > 0 ? error / size : error).squareRoot()
    let isRight = relative <= largestError
    self.init(
      outcome: isRight
        ? .correct
        : .wrong(
          "differs from \(source) by a relative rms of \(relative); accepted are \(largestError)"),
      worstErrorShare: relative / largestError, relativeRMSError: relative)
  }
}
