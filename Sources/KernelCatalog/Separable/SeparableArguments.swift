// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a phase over strips works on: the arguments of two kernels, and where each strip lies.
///
/// A task is one strip of one image.
struct SeparableArguments {
  /// A strip of an image.
  struct Strip: BitwiseCopyable {
    /// Its first output row, and how many it has.
    var first: Int, rows: Int
    /// Which of `products` multiplies it.
    var product: Int
  }

  /// The depthwise convolution of the first image, all rows, without an output.
  var lines: LineArguments
  /// The kernel of the lines.
  var depthwise: KernelEntry.Run
  /// The products of a strip at the first rows of the first image, without an input.
  var products: UnsafePointer<DirectArguments>
  /// The kernel of the products.
  var pointwise: KernelEntry.Run
  /// The strips of an image.
  var strips: UnsafePointer<Strip>
  /// Number of `strips`.
  var stripCount: Int
  /// The strip of the first worker.
  var scratch: AlignedBuffer.Address
  /// Floats from a worker's strip to the next one's.
  var scratchPerWorker: Int
  /// Bytes from a row of a strip to the next.
  var stripRow: Int
  /// Floats from one row and image of the output to the next.
  var outputRow: Int, outputImage: Int

  /// Computes the strips `first..<end`; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: SeparableArguments.self)
    for task in first..<end {
      let (image, strip) = task.quotientAndRemainder(dividingBy: arguments.pointee.stripCount)
      compute(arguments, arguments.pointee.strips[strip], image: image, worker: worker)
    }
  }

  private static func compute(
    _ arguments: UnsafePointer<SeparableArguments>, _ strip: Strip, image: Int, worker: Int
  ) {
    let scratch =
      arguments.pointee.scratch + worker * arguments.pointee.scratchPerWorker
    // The tables count rows from the image's first; the strip holds its own only.
    var lines = arguments.pointee.lines
    lines.input += image * lines.inputImage
    lines.output = UnsafeMutableRawPointer(scratch) - strip.first * arguments.pointee.stripRow
    lines.lines += strip.first
    lines.lineCount = strip.rows
    lines.linesPerTask = strip.rows
    withUnsafePointer(to: lines) {
      arguments.pointee.depthwise(UnsafeRawPointer($0), 0, $0.pointee.planeTasks, worker)
    }
    var product = arguments.pointee.products[strip.product]
    let offset =
      image * arguments.pointee.outputImage + strip.first * arguments.pointee.outputRow
    product.input = UnsafePointer(scratch)
    product.output += offset
    product.addend = product.addend.map { $0 + offset }
    withUnsafePointer(to: product) {
      arguments.pointee.pointwise(UnsafeRawPointer($0), 0, $0.pointee.tasks, worker)
    }
  }
}
