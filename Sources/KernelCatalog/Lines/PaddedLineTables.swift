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
    let page = AlignedBuffer.alignment
    // Whole pages per worker, and one more, so that workers never share a cache line.
    let perWorker = (copy.bytes + page - 1) / page * page + page
    scratchBytes = perWorker * workers
    scratch = try AlignedBuffer(bytes: scratchBytes)
    self.tables = tables
    var lines = tables.arguments.pointee
    // Where a vector is wider than a row, it may run into the next row only if that is written later:
    // phases of a dilated kernel do not follow each other downwards.
    let runsOver = problem.output.width < lanes && problem.dilation.height > 1
    lines.outputBytes = runsOver ? 0 : problem.output.area * ElementType.f32.bytes
    lines.outputLanes = min(problem.output.width, lanes)
    memory = .allocate(capacity: 1)
    let row = RowCopy(problem, remainderPitch: copy.remainderPitch)
    memory.initialize(
      to: PaddedLineArguments(
        lines: lines, scratch: UnsafeMutableRawPointer(scratch.pointer),
        scratchPerWorker: perWorker, rows: problem.input.height, rowPitch: copy.rowPitch, row: row))
    arguments = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}
