// SPDX-License-Identifier: Apache-2.0

/// What the pooling microkernels work on.
///
/// A pixel is a run of `length` channels; planes are as in `ElementwiseArguments`. A task is one
/// output row of one plane; of a global mean it is one vector of channels of one plane.
/// - Units: steps count floats.
public struct PoolingArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// Planes.
  public var planes: Int = 0
  /// Channels of a pixel.
  public var length: Int = 0
  /// From one plane, row and pixel to the next.
  public var inputPlane: Int, inputRow: Int, inputPixel: Int
  /// The same for the output.
  public var outputPlane: Int, outputRow: Int, outputPixel: Int
  /// Height and width of the input.
  public var height: Int, width: Int
  /// Height and width of the output.
  public var outputHeight: Int, outputWidth: Int
  /// Height and width of the window.
  public var tapRows: Int, tapColumns: Int
  /// Steps between windows.
  public var strideHeight: Int, strideWidth: Int
  /// Padding before the image.
  public var padTop: Int, padLeft: Int
  /// Steps between the elements of a window.
  public var dilationHeight: Int, dilationWidth: Int
  /// Whether the mean is taken, and not the largest element.
  public var takesMean: Bool
  /// What the sum of a global mean is divided by; more than the inputs where these are sums.
  public var divisor: Int

  /// Arguments for `pooling` over one plane per image; steps are still zero.
  public init(
    _ pooling: Pooling, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let window = pooling.window
    self.input = input
    self.output = output
    inputPlane = 0
    inputRow = 0
    inputPixel = 0
    outputPlane = 0
    outputRow = 0
    outputPixel = 0
    (height, width) = (window.input.height, window.input.width)
    (outputHeight, outputWidth) = (window.output.height, window.output.width)
    (tapRows, tapColumns) = (window.kernel.height, window.kernel.width)
    (strideHeight, strideWidth) = (window.stride.height, window.stride.width)
    (padTop, padLeft) = (window.padding.top, window.padding.left)
    (dilationHeight, dilationWidth) = (window.dilation.height, window.dilation.width)
    takesMean = pooling.kind == .mean
    divisor = window.input.area
  }
}
