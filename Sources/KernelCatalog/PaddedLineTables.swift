// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of a line kernel that copies channels between zeros, and the memory of the copies.
final class PaddedLineTables {
  /// What the kernel reads.
  let arguments: UnsafePointer<PaddedLineArguments>
  /// Size of the copies of all workers.
  let scratchBytes: Int
  private let memory: UnsafeMutablePointer<PaddedLineArguments>
  private let tables: LineTables
  private let scratch: AlignedBuffer

  /// Takes over `tables`.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ tables: LineTables, _ copy: PaddedPlane, _ problem: ConvolutionProblem, lanes: Int,
    workers: Int
  ) throws(MemoryError) {
    let float = MemoryLayout<Float>.stride
    let page = AlignedBuffer.alignment
    // Whole pages per worker, and one more, so that workers never share a cache line.
    let perWorker = (copy.bytes + page - 1) / page * page + page
    scratchBytes = perWorker * workers
    scratch = try AlignedBuffer(count: scratchBytes / float)
    self.tables = tables
    var lines = tables.arguments.pointee
    let width = problem.output.width
    // Where a vector is wider than a row, it may run into the next row only if that is written later:
    // phases of a dilated kernel do not follow each other downwards.
    let runsOver = width < lanes && problem.dilation.height > 1
    lines.outputBytes = runsOver ? 0 : problem.output.area * float
    lines.outputLanes = min(width, lanes)
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: PaddedLineArguments(
        lines: lines, scratch: UnsafeMutableRawPointer(scratch.pointer),
        scratchPerWorker: perWorker, rows: problem.input.height, rowPitch: copy.rowPitch,
        row: RowCopy(
          columns: problem.input.width, stride: problem.stride.width,
          padding: problem.padding.left, remainderPitch: copy.remainderPitch)))
    arguments = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}
