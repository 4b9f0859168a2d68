// SPDX-License-Identifier: Apache-2.0

/// What the integers of a convolution stand for, as far as it has to be computed.
///
/// An output is `clamp(round(sum · scale) + outputZero)`, where `sum` is the exact integer
/// `bias + Σ (x − inputZero)·w` over the taps inside the image: outside, the input is its zero point. The sum
/// becomes a 32-bit float, is multiplied in 32-bit floats and rounded to the nearest integer, of two the even
/// one; so every bit of the result is defined. An output in 32-bit floats is that product, and one in 32-bit
/// integers the sum; neither has a zero point.
public struct Quantization: Hashable, Sendable {
  /// The input that stands for zero, of 0 to 255.
  public var inputZero: Int
  /// The output that stands for zero, of 0 to 255.
  public var outputZero: Int
  /// For each output channel, what a step of its sums is in steps of the output.
  public var scales: [Float]

  /// Zero points and scales.
  public init(inputZero: Int, outputZero: Int, scales: [Float]) {
    precondition((0...255).contains(inputZero) && (0...255).contains(outputZero))
    self.inputZero = inputZero
    self.outputZero = outputZero
    self.scales = scales
  }

  /// The output of a sum in `channel`, stored as `type`; a ReLU ends at the zero point.
  public func output(
    _ sum: Int, channel: Int, hasReLU: Bool, as type: ElementType = .u8
  ) -> Double {
    if type == .s32 { return Double(hasReLU ? max(sum, 0) : sum) }
    let scaled = Float(sum) * scales[channel]
    if type == .f32 { return hasReLU && scaled < 0 ? 0 : Double(scaled) }
    let bounded = min(max(scaled, lowest(hasReLU: hasReLU)), highest)
    return Double(bounded.rounded(.toNearestOrEven)) + Double(outputZero)
  }

  /// The least that an output may lie below its zero point, as a float.
  public func lowest(hasReLU: Bool) -> Float { hasReLU ? 0 : -Float(outputZero) }

  /// The most that an output may lie above its zero point, as a float.
  public var highest: Float { 255 - Float(outputZero) }
}
