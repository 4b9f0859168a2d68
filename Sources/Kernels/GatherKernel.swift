// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Moves channels by a table: a channel shuffle as frameworks run it, element by element.
enum GatherKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: GatherArguments.self)
    let length = arguments.pointee.length
    var task = first
    while task < end {
      let plane = task / arguments.pointee.rows
      let row = task &- plane &* arguments.pointee.rows
      let image = plane / arguments.pointee.planesPerImage
      let table =
        arguments.pointee.table + (plane &- image &* arguments.pointee.planesPerImage) &* length
      var input =
        arguments.pointee.input
        + (image &* arguments.pointee.inputImage &+ row &* arguments.pointee.inputRow)
      var output =
        arguments.pointee.output
        + (plane &* arguments.pointee.outputPlane &+ row &* arguments.pointee.outputRow)
      var pixel = 0
      while pixel < arguments.pointee.pixels {
        var channel = 0
        while channel < length {
          let from = table[channel]
          output[channel] = from < 0 ? 0 : input[from]
          channel &+= 1
        }
        input += arguments.pointee.inputPixel
        output += arguments.pointee.outputPixel
        pixel &+= 1
      }
      task &+= 1
    }
  }
}
