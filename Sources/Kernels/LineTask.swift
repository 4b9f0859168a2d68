// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A task of a depthwise kernel, decoded: where its plane lies and which lines it has.
///
/// Only the first task of a range is decoded by division; the others follow by counting.
struct LineTask {
  private var image: Int
  private var plane: Int
  private var part: Int

  /// The task at `index`.
  @inline(__always)
  init(_ index: Int, _ arguments: UnsafePointer<LineArguments>) {
    let planes = arguments.pointee.planeTasks
    let parts = arguments.pointee.partCount
    image = index / (planes &* parts)
    let rest = index % (planes &* parts)
    plane = arguments.pointee.planesInnermost ? rest % planes : rest / parts
    part = arguments.pointee.planesInnermost ? rest / planes : rest % parts
  }

  /// Becomes the following task.
  @inline(__always)
  mutating func advance(_ arguments: UnsafePointer<LineArguments>) {
    if arguments.pointee.planesInnermost {
      plane &+= 1
      guard plane == arguments.pointee.planeTasks else { return }
      plane = 0
      part &+= 1
      guard part == arguments.pointee.partCount else { return }
      part = 0
    } else {
      part &+= 1
      guard part == arguments.pointee.partCount else { return }
      part = 0
      plane &+= 1
      guard plane == arguments.pointee.planeTasks else { return }
      plane = 0
    }
    image &+= 1
  }

  /// Goes on to the last plane of an image where it belongs to the task of the one before it; false
  /// where the task has no other plane.
  @inline(__always)
  mutating func takesNextPlane(_ arguments: UnsafePointer<LineArguments>) -> Bool {
    let next = plane &+ 1
    guard next == arguments.pointee.planeTasks, next < arguments.pointee.planeCount else {
      plane = plane == arguments.pointee.planeTasks ? plane &- 1 : plane
      return false
    }
    plane = next
    return true
  }

  /// The plane's entry of the table.
  @inline(__always)
  func entry(_ arguments: UnsafePointer<LineArguments>) -> UnsafePointer<LinePlane> {
    arguments.pointee.planes + plane
  }

  /// The first input of the plane.
  @inline(__always)
  func input(_ arguments: UnsafePointer<LineArguments>) -> UnsafeRawPointer {
    arguments.pointee.input
      + (image &* arguments.pointee.inputImage &+ entry(arguments).pointee.input)
  }

  /// The first output of the plane.
  @inline(__always)
  func output(_ arguments: UnsafePointer<LineArguments>) -> UnsafeMutableRawPointer {
    arguments.pointee.output
      + (image &* arguments.pointee.outputImage &+ entry(arguments).pointee.output)
  }

  /// Sums the outputs of the lines of `block` over their pixels; they are still in level 1.
  @inline(never)
  func sum(_ block: LineBlock, _ arguments: UnsafePointer<LineArguments>, _ sums: LineSums) {
    let start = sums.sums + (image &* sums.image &+ entry(arguments).pointee.sums)
    var line = block.line
    while line < block.end {
      let total = VectorSum.total(
        UnsafeRawPointer(block.output + line.pointee.output), sums.outputs, step: sums.output)
      store(total, start + (line - arguments.pointee.lines) &* sums.line)
      line += 1
    }
  }

  /// The first line.
  @inline(__always)
  func firstLine(_ arguments: UnsafePointer<LineArguments>) -> Int {
    part &* arguments.pointee.linesPerTask
  }

  /// The line after the last one.
  @inline(__always)
  func endLine(_ arguments: UnsafePointer<LineArguments>) -> Int {
    let end = firstLine(arguments) &+ arguments.pointee.linesPerTask
    return end < arguments.pointee.lineCount ? end : arguments.pointee.lineCount
  }
}
