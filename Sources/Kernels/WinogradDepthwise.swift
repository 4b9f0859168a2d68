// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The transforms of depthwise Winograd convolutions; a task is a row of tiles of one vector of channels.
///
/// - Shapes: transformed tensor `[image][vector][point][row of tiles][tile][lane]`.
struct WinogradDepthwise<let points: Int, let outputs: Int> {
  /// Executes tasks of the input transform.
  static func transform(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: WinogradArguments.self)
    let scratch = arguments.pointee.scratch + worker &* arguments.pointee.scratchStep
    var task = first
    while task < end {
      let row = TileRow(arguments, task, vectors: arguments.pointee.inputVectors)
      let vector = row.vector &* MemoryLayout<Vector>.size
      WinogradInput<points>.run(
        arguments, row.first, row.end, row.vector, row.vector &+ 1,
        arguments.pointee.transformed + (row.offset &- vector), scratch)
      task &+= 1
    }
  }

  /// Executes tasks of the output transform.
  static func finish(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: WinogradArguments.self)
    let scratch = arguments.pointee.scratch + worker &* arguments.pointee.scratchStep
    var task = first
    while task < end {
      let row = TileRow(arguments, task, vectors: arguments.pointee.outputVectors)
      WinogradOutput<points, outputs>.run(
        arguments, row.first, row.end, row.vector, row.vector &+ 1,
        arguments.pointee.transformed + row.offset, scratch)
      task &+= 1
    }
  }
}

/// A row of tiles of one vector of channels.
private struct TileRow {
  /// The vector of channels.
  let vector: Int
  /// The first tile, and the one after the last.
  let first, end: Int
  /// Where it starts in the transformed tensor.
  let offset: Int

  /// The row of a task.
  @inline(__always)
  init(_ arguments: UnsafePointer<WinogradArguments>, _ task: Int, vectors: Int) {
    let rows = arguments.pointee.tileRows
    let columns = arguments.pointee.tileCount / arguments.pointee.blocks
    let plane = task / rows
    let row = task &- plane &* rows
    let image = plane / vectors
    vector = plane &- image &* vectors
    first = (image &* rows &+ row) &* columns
    end = first &+ columns
    offset =
      plane &* arguments.pointee.transformedStep
      &+ row &* columns &* MemoryLayout<Vector>.size
  }
}
