// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// `y = 1 / (1 + e⁻ˣ)`, scalar: it gates a handful of channels, never a whole map.
enum SigmoidKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  ///
  /// Layout padding becomes zero.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: ElementwiseArguments.self)
    var task = first
    while task < end {
      let plane = task / arguments.pointee.rows
      let row = task &- plane &* arguments.pointee.rows
      let input =
        arguments.pointee.input
        + (plane &* arguments.pointee.inputPlane &+ row &* arguments.pointee.inputRow)
      let output =
        arguments.pointee.output
        + (plane &* arguments.pointee.outputPlane &+ row &* arguments.pointee.outputRow)
      let isLast = plane % arguments.pointee.planesPerImage == arguments.pointee.planesPerImage &- 1
      let valid = isLast ? arguments.pointee.lastLength : arguments.pointee.length
      var place = 0
      while place < arguments.pointee.length {
        output[place] = place < valid ? 1 / (1 + exponential(0 - input[place])) : 0
        place &+= 1
      }
      task &+= 1
    }
  }

  /// `eˣ` as `2ⁿ · e^r` with `|r| ≤ ln 2 / 2` and a Taylor polynomial of degree 7, whose remainder
  /// is below 2⁻²⁷ of the value; the argument is held where the result is a normal number, and beyond
  /// that above it is infinite.
  @inline(__always)
  static func exponential(_ value: Float) -> Float {
    let held = value < -87 ? -87 : value > 88 ? 88 : value
    // Adding 1.5·2²³ rounds to an integer, which then stands in the lowest bits.
    let shifted = held * 1.4426950408889634 + 12_582_912
    let power = shifted - 12_582_912
    // ln 2 in two parts, the first exact in products with small integers.
    let rest = (held - power * 0.693359375) + power * 2.12194440e-4
    var sum: Float = 1 / 5040
    sum = sum * rest + 1 / 720
    sum = sum * rest + 1 / 120
    sum = sum * rest + 1 / 24
    sum = sum * rest + 1 / 6
    sum = sum * rest + 0.5
    sum = sum * rest + 1
    sum = sum * rest + 1
    let exponent = shifted.bitPattern &- (12_582_912 as Float).bitPattern
    let result = sum * Float(bitPattern: (exponent &+ 127) &<< 23)
    return value > 88 ? .infinity : result
  }
}
