// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Convolution by lines of one channel, whose lanes are neighbouring pixels of a row.
///
/// The plane is first copied to memory of the worker's own, where zeros surround its rows and the
/// columns that one tap meets are neighbours: for a stride of 2, even and odd columns apart. Lines
/// are columns of vectors there, and tiles go down the rows, so that an input is loaded once for all
/// taps of a column.
enum PaddedLineKernel<Longer: LineTiles, Shorter: LineTiles>: OfferedLineKernel {
  private typealias Kernel = LineKernel<Longer, Shorter>

  @inline(__always)
  static var form: LineForm { Kernel.form }

  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let copy = context.assumingMemoryBound(to: PaddedLineArguments.self)
    let arguments = context.assumingMemoryBound(to: LineArguments.self)
    let scratch = copy.pointee.scratch + worker &* copy.pointee.scratchPerWorker
    var task = LineTask(first, arguments)
    var left = end &- first
    while left > 0 {
      PlaneCopy.run(copy, task.input(arguments), scratch)
      var block = LineBlock(task, arguments, input: UnsafeRawPointer(scratch))
      while block.line < block.end {
        Kernel.compute(block, arguments)
        block.advance(task, arguments)
      }
      task.advance(arguments)
      left &-= 1
    }
  }
}
