// SPDX-License-Identifier: Apache-2.0

/// One axis of a problem, with what the descriptor leaves out deduced as benchdnn does.
///
/// The given padding is what stands before the axis; what stands after follows from the output
/// size, unless it is given, too. Where neither is given, there is none; where only the output is
/// given, half of what it needs stands before.
struct DescriptorAxis {
  let input: Int
  /// The output size that was given, which the problem must have.
  let output: Int?
  let kernel: Int
  let stride: Int
  let paddingBefore: Int
  let paddingAfter: Int
  let dilation: Int

  /// Deduces an axis.
  init(_ numbers: AxisNumbers) throws(ProblemError) {
    try Self.checkRanges(numbers)
    let letter = numbers.letter
    guard let kernel = numbers.kernel else {
      throw .missingKey(key: "k\(letter)", deduction: "it cannot be deduced")
    }
    let stride = numbers.stride ?? 1
    dilation = (numbers.dilationMinusOne ?? 0) + 1
    let covered = dilation * (kernel - 1) + 1
    let given = (numbers.padding ?? 0) + (numbers.paddingAfter ?? numbers.padding ?? 0)
    let deduced = numbers.output.map { ($0 - 1) * stride + covered - given }
    guard let input = numbers.input ?? deduced else {
      throw .missingKey(
        key: "i\(letter)", deduction: "it must be given, or o\(letter) from which it follows")
    }
    (self.kernel, self.stride, self.input, output) = (kernel, stride, input, numbers.output)
    (paddingBefore, paddingAfter) = Self.padding(
      numbers, input: input, stride: stride, covered: covered)
  }

  /// The padding before and after an axis of `input` under taps that cover `covered`.
  private static func padding(
    _ numbers: AxisNumbers, input: Int, stride: Int, covered: Int
  ) -> (before: Int, after: Int) {
    guard let output = numbers.output else {
      let before = numbers.padding ?? 0
      return (before, numbers.paddingAfter ?? before)
    }
    let total = max(0, (output - 1) * stride + covered - input)
    if let after = numbers.paddingAfter { return (numbers.padding ?? max(0, total - after), after) }
    let before = numbers.padding ?? total / 2
    // A symmetric padding that gives this output is preferred to a smaller one on one side.
    let padded = input + 2 * before
    let isSymmetric = padded >= covered && (padded - covered) / stride + 1 == output
    return (before, isSymmetric ? before : max(0, total - before))
  }

  /// Refuses numbers with which the deduction would overflow or divide by zero.
  private static func checkRanges(_ numbers: AxisNumbers) throws(ProblemError) {
    let largest = ConvolutionProblem.largestAxis
    let ranges: [(Character, Int?, ClosedRange<Int>)] = [
      ("i", numbers.input, 1...largest), ("o", numbers.output, 1...largest),
      ("k", numbers.kernel, 1...largest), ("s", numbers.stride, 1...largest),
      ("p", numbers.padding, 0...largest), ("r", numbers.paddingAfter, 0...largest),
      ("d", numbers.dilationMinusOne, 0...largest - 1),
    ]
    for (key, value, accepted) in ranges {
      if let value, !accepted.contains(value) {
        throw .sizeOutOfRange(key: "\(key)\(numbers.letter)", value: value, accepted: accepted)
      }
    }
  }
}

/// The numbers that a descriptor gives for one axis.
struct AxisNumbers {
  /// The second letter of the axis' keys: `h` or `w`.
  var letter: Character
  var input: Int?
  var output: Int?
  var kernel: Int?
  var stride: Int?
  var padding: Int?
  var paddingAfter: Int?
  var dilationMinusOne: Int?
}
