// SPDX-License-Identifier: Apache-2.0

/// What the sampling of a deformable convolution works on: one strip of output pixels.
///
/// A task is one pixel of the strip. What its taps read is written side by side, ready for a
/// pointwise convolution; afterwards results are copied from a strip to the output.
/// - Shapes: input `[N][H][W][Ci]`; strip `[pixel][group][tap][Ci/G]`; results `[pixel][Co]`.
/// - Units: all steps count floats.
public struct DeformableArguments {
  /// A field of offsets or of the mask.
  public struct Field {
    /// The first element.
    public var values: UnsafePointer<Float>
    /// From one image to the next.
    public var image: Int
    /// From one channel to the next.
    public var channel: Int
    /// From one pixel to the next.
    public var pixel: Int

    /// A field.
    public init(values: UnsafePointer<Float>, image: Int, channel: Int, pixel: Int) {
      self.values = values
      self.image = image
      self.channel = channel
      self.pixel = pixel
    }
  }

  /// The convolution whose taps are moved.
  public var problem: ConvolutionProblem
  /// The input activations.
  public var input: UnsafePointer<Float>
  /// As many zeros as an input pixel has channels, for pixels outside the image.
  public var zeros: UnsafePointer<Float>
  /// How far taps are moved.
  public var offsets: Field
  /// What taps are multiplied by, unless `isModulated` is false.
  public var mask: Field
  /// Whether there is a mask.
  public var isModulated: Bool
  /// Parts of the input channels with offsets of their own.
  public var offsetGroups: Int
  /// Where samples go.
  public var strip: UnsafeMutablePointer<Float>
  /// Where the pointwise convolution leaves its results.
  public var results: UnsafePointer<Float>
  /// The strip's first output pixel in the output.
  public var output: UnsafeMutablePointer<Float>
  /// The strip's first output pixel, counted over all images.
  public var firstPixel: Int

  /// Arguments; see the properties.
  public init(
    problem: ConvolutionProblem, input: UnsafePointer<Float>, zeros: UnsafePointer<Float>,
    offsets: Field, mask: Field, isModulated: Bool, offsetGroups: Int,
    strip: UnsafeMutablePointer<Float>, results: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, firstPixel: Int
  ) {
    self.problem = problem
    self.input = input
    self.zeros = zeros
    self.offsets = offsets
    self.mask = mask
    self.isModulated = isModulated
    self.offsetGroups = offsetGroups
    self.strip = strip
    self.results = results
    self.output = output
    self.firstPixel = firstPixel
  }
}
