// SPDX-License-Identifier: Apache-2.0

/// Where the pixels of activations lie for the kernels between convolutions.
///
/// Planes are as in `ElementwiseArguments`.
/// - Units: steps count floats; a step of 0 means that one element counts for all.
public struct PixelSteps: BitwiseCopyable {
  /// From one image to the next.
  public var image: Int
  /// From one plane of an image to the next.
  public var plane: Int
  /// From one row to the next.
  public var row: Int
  /// From one pixel to the next.
  public var pixel: Int
  /// Whether the first channel of a pixel counts for all.
  public var isOneChannel: Bool

  /// Steps.
  public init(image: Int, plane: Int, row: Int, pixel: Int, isOneChannel: Bool = false) {
    self.image = image
    self.plane = plane
    self.row = row
    self.pixel = pixel
    self.isOneChannel = isOneChannel
  }
}

/// What kernels that write images row by row have in common.
///
/// A task is one row of one plane.
public struct RowTasks: BitwiseCopyable {
  /// Images.
  public var images: Int
  /// Planes of an image.
  public var planes: Int
  /// Rows of a plane.
  public var rows: Int
  /// Pixels of a row.
  public var pixels: Int
  /// Channels of a pixel.
  public var length: Int
  /// Channels of a pixel in the last plane of an image; the others are layout padding, and become
  /// zero.
  public var lastLength: Int

  /// Number of independent tasks.
  public var count: Int { images * planes * rows }

  /// Tasks.
  public init(
    images: Int, planes: Int, rows: Int, pixels: Int, length: Int, lastLength: Int
  ) {
    self.images = images
    self.planes = planes
    self.rows = rows
    self.pixels = pixels
    self.length = length
    self.lastLength = lastLength
  }
}

/// What the microkernel works on that applies a function to each element.
public struct PointArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// The function.
  public var function: PointFunction
  /// What a task is.
  public var tasks: RowTasks
  /// Where the input's pixels lie, and the output's.
  public var inputSteps: PixelSteps, outputSteps: PixelSteps

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, function: PointFunction,
    tasks: RowTasks, inputSteps: PixelSteps, outputSteps: PixelSteps
  ) {
    self.input = input
    self.output = output
    self.function = function
    self.tasks = tasks
    self.inputSteps = inputSteps
    self.outputSteps = outputSteps
  }
}

/// What the microkernel works on that combines two tensors.
public struct CombinationArguments: BitwiseCopyable {
  /// What is read.
  public var left: UnsafePointer<Float>, right: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// What is computed.
  public var combination: Combination
  /// What a task is.
  public var tasks: RowTasks
  /// Where the pixels lie.
  public var leftSteps: PixelSteps, rightSteps: PixelSteps, outputSteps: PixelSteps

  /// Arguments; see the properties.
  public init(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    combination: Combination, tasks: RowTasks, leftSteps: PixelSteps, rightSteps: PixelSteps,
    outputSteps: PixelSteps
  ) {
    self.left = left
    self.right = right
    self.output = output
    self.combination = combination
    self.tasks = tasks
    self.leftSteps = leftSteps
    self.rightSteps = rightSteps
    self.outputSteps = outputSteps
  }
}

/// What the microkernel works on that gives an image another size.
public struct ResizeArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// Where each row and column of the output lies.
  public var rows: UnsafePointer<LinearResize.Tap>, columns: UnsafePointer<LinearResize.Tap>
  /// What a task is.
  public var tasks: RowTasks
  /// Where the pixels lie.
  public var inputSteps: PixelSteps, outputSteps: PixelSteps

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    rows: UnsafePointer<LinearResize.Tap>, columns: UnsafePointer<LinearResize.Tap>,
    tasks: RowTasks, inputSteps: PixelSteps, outputSteps: PixelSteps
  ) {
    self.input = input
    self.output = output
    self.rows = rows
    self.columns = columns
    self.tasks = tasks
    self.inputSteps = inputSteps
    self.outputSteps = outputSteps
  }
}

/// What the microkernels work on that look at all channels of a pixel.
///
/// A task is a row of all planes.
public struct PixelArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// Rows, pixels and channels; a task is a row of an image.
  public var tasks: RowTasks
  /// Where the pixels lie.
  public var inputSteps: PixelSteps, outputSteps: PixelSteps
  /// Channels of a pixel over all planes.
  public var channels: Int
  /// What is added to a variance.
  public var epsilon: Float

  /// Number of independent tasks.
  public var count: Int { tasks.images * tasks.rows }

  /// Arguments; see the properties.
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, tasks: RowTasks,
    inputSteps: PixelSteps, outputSteps: PixelSteps, channels: Int, epsilon: Float
  ) {
    self.input = input
    self.output = output
    self.tasks = tasks
    self.inputSteps = inputSteps
    self.outputSteps = outputSteps
    self.channels = channels
    self.epsilon = epsilon
  }
}
