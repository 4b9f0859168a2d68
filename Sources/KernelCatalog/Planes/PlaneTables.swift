// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of a convolution of plain tensors, and everything that they point to.
final class PlaneTables {
  /// What the kernel reads.
  let arguments: UnsafePointer<PlaneArguments>
  /// Size of the copies of all workers.
  let scratchBytes: Int
  /// The packed filter.
  let filter: AlignedBuffer
  private let memory: UnsafeMutablePointer<PlaneArguments>
  private let owned: [AnyObject]

  /// Packs the weights and lays out the tables of `plan`.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ plan: PlanePlan, _ operation: ConvolutionOperation, _ weights: Weights, input: Activation,
    output: Activation, workers: Int
  ) throws(MemoryError) {
    let problem = plan.problem
    filter = try Self.packed(plan, problem, weights)
    let bias = try AlignedBuffer(weights.bias, count: problem.outChannels)
    let perWorker = Self.scratchPerWorker(plan, problem)
    scratchBytes = perWorker * workers
    let scratch = try AlignedBuffer(bytes: scratchBytes)
    let lists = Lists(plan)
    owned = [bias, scratch, input, output] + lists.all
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: PlaneArguments(
        input: UnsafeRawPointer(input.pointer), filter: UnsafeRawPointer(filter.pointer),
        bias: UnsafeRawPointer(bias.pointer), output: UnsafeMutableRawPointer(output.pointer),
        scratch: UnsafeMutableRawPointer(scratch.pointer), bands: lists.bands.pointer,
        rows: lists.rows.pointer, tiles: lists.tiles.pointer, vectors: lists.vectors.pointer,
        lanes: UnsafeRawPointer(lists.lanes.pointer), blocks: lists.blocks.pointer,
        taps: lists.taps.pointer, steps: Self.steps(plan, operation, scratchPerWorker: perWorker)))
    arguments = UnsafePointer(memory)
  }

  /// What the kernels walk through.
  private struct Lists {
    let bands: PlainTable<PlaneBand>
    let rows: PlainTable<PlaneRow>
    let tiles: PlainTable<PlaneTiles>
    let vectors: PlainTable<PlaneVector>
    let lanes: PlainTable<Int32>
    let blocks: PlainTable<PlaneBlock>
    let taps: PlainTable<Int>

    init(_ plan: PlanePlan) {
      let planned = plan.tiles()
      let found = PlaneTables.bands(plan, planned.bands)
      (bands, rows) = (PlainTable(found.bands), PlainTable(found.rows))
      tiles = PlainTable(planned.table)
      (vectors, lanes) = (
        PlainTable(found.positions.vectors), PlainTable(found.positions.lists)
      )
      blocks = PlainTable(PlaneTables.blocks(plan))
      taps = PlainTable(plan.layout.taps.map { $0 * ElementType.f32.bytes })
    }

    var all: [AnyObject] { [bands, rows, tiles, vectors, lanes, blocks, taps] }
  }

  deinit { memory.deallocate() }

  /// The bands of output rows, the rows that each copies, and where its vectors lie.
  private static func bands(
    _ plan: PlanePlan, _ tiles: [Range<Int>]
  ) -> (bands: [PlaneBand], rows: [PlaneRow], positions: PlanePositions) {
    let columns = plan.problem.output.width
    var positions = PlanePositions(
      lanes: plan.lanes, pitch: plan.layout.pitch, columns: columns)
    var rows: [PlaneRow] = []
    let bands = zip(plan.bands, tiles).map { outputs, tiles in
      let first = rows.count
      if plan.copies { rows += plan.layout.rows(of: outputs) }
      return PlaneBand(
        rows: first..<rows.count, tiles: tiles, firstVector: positions.append(rows: outputs.count),
        output: outputs.lowerBound * columns * ElementType.f32.bytes)
    }
    return (bands, rows, positions)
  }

  /// The blocks of output channels of a group.
  private static func blocks(_ plan: PlanePlan) -> [PlaneBlock] {
    let problem = plan.problem
    return plan.blocks.map { channels in
      let first = channels.lowerBound * ElementType.f32.bytes
      return PlaneBlock(
        channels: channels.count,
        filter: first * problem.inChannelsPerGroup * problem.kernel.area, bias: first,
        output: first * problem.output.area)
    }
  }

  /// Whole pages per worker, and one more, so that workers never share a cache line.
  private static func scratchPerWorker(_ plan: PlanePlan, _ problem: ConvolutionProblem) -> Int {
    let channels = problem.inChannelsPerGroup
    let copies = plan.copies ? plan.layout.count(channels: channels, lanes: plan.lanes) : 0
    let bytes = PlaneArguments.spareBytes + copies * ElementType.f32.bytes
    let page = AlignedBuffer.alignment
    return (bytes + page - 1) / page * page + page
  }

  /// `[group][block][input channel][tap][channel of the block]`.
  private static func packed(
    _ plan: PlanePlan, _ problem: ConvolutionProblem, _ weights: Weights
  ) throws(MemoryError) -> AlignedBuffer {
    let buffer = try AlignedBuffer(count: problem.filterCount)
    let steps = problem.inChannelsPerGroup * problem.kernel.area
    weights.filter.withUnsafeBufferPointer { filter in
      for group in 0..<problem.groups {
        for block in plan.blocks {
          let first = (group * problem.outChannelsPerGroup + block.lowerBound) * steps
          for channel in 0..<block.count {
            for step in 0..<steps {
              buffer.pointer[first + step * block.count + channel] =
                filter[first + channel * steps + step]
            }
          }
        }
      }
    }
    return buffer
  }

  private static func steps(
    _ plan: PlanePlan, _ operation: ConvolutionOperation, scratchPerWorker: Int
  ) -> PlaneSteps {
    let (problem, layout, float) = (plan.problem, plan.layout, ElementType.f32.bytes)
    var steps = PlaneSteps()
    (steps.bands, steps.groups) = (plan.bands.count, problem.groups)
    (steps.blocks, steps.taps) = (plan.blocks.count, problem.kernel.area)
    (steps.inputAhead, steps.asksForOutputs) = (plan.inputAhead, plan.isFar)
    steps.inputChannels = problem.inChannelsPerGroup
    steps.row = RowCopy(problem, remainderPitch: layout.remainderPitch * float)
    (steps.zeroBytes, steps.remainders) = (layout.pitch * float, layout.remainders)
    (steps.scratchPerWorker, steps.copies) = (scratchPerWorker, plan.copies)
    steps.inputChannel = problem.input.area * float
    steps.copiedChannel = plan.copies ? layout.channelPitch * float : steps.inputChannel
    steps.inputGroup = problem.inChannelsPerGroup * steps.inputChannel
    steps.outputChannel = problem.output.area * float
    steps.outputGroup = problem.outChannelsPerGroup * steps.outputChannel
    steps.filterGroup = problem.filterCount / problem.groups * float
    steps.biasGroup = problem.outChannelsPerGroup * float
    steps.hasGaps = layout.pitch > problem.output.width
    steps.hasReLU = operation.epilogue.hasReLU
    return steps
  }
}
