// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Convolution by lines: outputs are computed line by line in tiles of two sizes, so that none is
/// computed twice: 28 are 10 + 9 + 9.
enum LineKernel<Longer: LineTiles, Shorter: LineTiles>: OfferedLineKernel {
  @inline(__always)
  static var form: LineForm {
    var form = Longer.form
    form.shorter = Shorter.form.pixels
    return form
  }

  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LineArguments.self)
    var task = LineTask(first, arguments)
    var left = end &- first
    while left > 0 {
      repeat {
        var block = LineBlock(task, arguments, input: task.input(arguments))
        while block.line < block.end {
          compute(block, arguments)
          if let sums = arguments.pointee.sums { task.sum(block, arguments, sums) }
          block.advance(task, arguments)
        }
      } while task.takesNextPlane(arguments)
      task.advance(arguments)
      left &-= 1
    }
  }

  /// Computes the lines of `block`, segment by segment.
  @inline(__always)
  static func compute(_ block: LineBlock, _ arguments: UnsafePointer<LineArguments>) {
    let end = arguments.pointee.segments + arguments.pointee.segmentCount
    var segment = arguments.pointee.segments
    while segment < end {
      switch (segment.pointee.isShort, segment.pointee.isInside) {
      case (false, true): Longer.inside(arguments, segment, block)
      case (false, false): Longer.border(arguments, segment, block)
      case (true, true): Shorter.inside(arguments, segment, block)
      case (true, false): Shorter.border(arguments, segment, block)
      }
      segment += 1
    }
  }
}

/// A line kernel as its registry sees it; its arguments begin with `LineArguments`.
protocol OfferedLineKernel: SendableMetatype {
  /// What it is specialised for.
  static var form: LineForm { get }
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int)
}
