// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Writes what a task collected with channels innermost to an output with channels outermost.
enum DirectTranspose {
  /// Writes the channels of `panel` in `rows` from scratch `[row][pixel][vector][lane]`.
  static func write(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ rows: DirectRange, _ segment: Int, from scratch: UnsafePointer<Float>
  ) {
    let part = arguments.pointee.segments[panel.pointee.firstSegment + segment]
    let width = panel.pointee.vectors &* Vector.scalarCount
    let channels = width &- Vector.scalarCount &+ panel.pointee.lanes
    let step = arguments.pointee.steps.outputChannel
    var source = scratch
    var index = rows.first
    while index < rows.end {
      let target =
        arguments.pointee.output + panel.pointee.outputStart
        + arguments.pointee.rows[index].output + part.firstPixel
      write(part.pixels, channels, from: source, pitch: width, to: target, step: step)
      source += part.pixels &* width
      index += 1
    }
  }

  /// `target[channel · step + pixel] = source[pixel · pitch + channel]`.
  ///
  /// A few pixels at a time, whose loads hit the lines of level 1 that the channels before brought
  /// in; channel by channel, so that stores are contiguous.
  private static func write(
    _ pixels: Int, _ channels: Int, from source: UnsafePointer<Float>, pitch: Int,
    to target: UnsafeMutablePointer<Float>, step: Int
  ) {
    var first = 0
    while first < pixels {
      let end = first &+ 16 < pixels ? first &+ 16 : pixels
      var channel = 0
      while channel < channels {
        let line = target + channel &* step
        var pixel = first
        while pixel < end {
          line[pixel] = source[pixel &* pitch &+ channel]
          pixel &+= 1
        }
        channel &+= 1
      }
      first = end
    }
  }
}
