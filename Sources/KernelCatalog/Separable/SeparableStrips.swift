// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The strips of a prepared pair of depthwise and pointwise convolution, and what they point to.
final class SeparableStrips {
  /// Where the packed weights and the biases lie.
  let filterMemory: [UnsafeRawBufferPointer]
  private let tasks: Int
  private let arguments: UnsafeMutablePointer<SeparableArguments>
  private let scratch: AlignedBuffer
  private let owned: [AnyObject]

  /// Packs the weights and lays out the tables.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ plan: SeparablePlan, depthwise: Weights, pointwise: Weights, input: Activation,
    output: Activation, addend: Activation?
  ) throws(MemoryError) {
    let operation = plan.operation.depthwise
    scratch = try AlignedBuffer(count: plan.scratchPerWorker * plan.workers)
    let lines = try LineTables(
      operation, depthwise, plan.lines.geometry, plan.lines.tiling, input: input,
      output: scratch.pointer)
    _ = lines.divide(
      linesPerTask: operation.problem.output.height, planesInnermost: false, images: 1)
    let products = try Self.products(
      plan, pointwise, strip: scratch, output: output, addend: addend)
    filterMemory = [lines.filterMemory] + products.map { $0.filter }
    let productTable = PlainTable(products.map { $0.tables.arguments.pointee })
    let strips = PlainTable(Self.strips(plan))
    tasks = operation.problem.batch * strips.count
    owned = [lines, productTable, strips, input] + products.map { $0.tables as AnyObject }
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: SeparableArguments(
        plan, lines: lines.arguments.pointee, products: productTable.pointer,
        strips: strips.pointer, scratch: scratch.pointer, output: output))
  }

  deinit {
    arguments.deinitialize(count: 1)
    arguments.deallocate()
  }

  /// Memory of the workers' strips.
  var scratchBytes: Int { scratch.bytes }

  /// The only phase.
  var phase: Phase {
    Phase(
      name: "strips", tasks: tasks, context: UnsafeRawPointer(arguments),
      run: SeparableArguments.run)
  }

  private static func strips(_ plan: SeparablePlan) -> [SeparableArguments.Strip] {
    plan.strips.map { rows in
      SeparableArguments.Strip(
        first: rows.lowerBound, rows: rows.count,
        product: rows.count == plan.heights[0] ? 0 : 1)
    }
  }

  /// The products of strips of each height, whose tables keep the output and what is added to it.
  private static func products(
    _ plan: SeparablePlan, _ weights: Weights, strip: AlignedBuffer, output: Activation,
    addend: Activation?
  ) throws(MemoryError) -> [(tables: DirectTables, filter: UnsafeRawBufferPointer)] {
    var products: [(tables: DirectTables, filter: UnsafeRawBufferPointer)] = []
    for rows in plan.heights {
      products.append(
        try product(plan, rows: rows, weights, strip: strip, output: output, addend: addend))
    }
    return products
  }

  /// The products of a strip of `rows` rows, written to the first rows of the output.
  private static func product(
    _ plan: SeparablePlan, rows: Int, _ weights: Weights, strip: AlignedBuffer,
    output: Activation, addend: Activation?
  ) throws(MemoryError) -> (tables: DirectTables, filter: UnsafeRawBufferPointer) {
    let direct = plan.product(rows: rows, outputChannels: output.whole.channels)
    let packing = try DirectPacking(direct, plan.operation.pointwise, weights)
    var steps = direct.steps(plan.operation.pointwise.epilogue)
    var walk = direct.walk(filterStarts: packing.starts)
    if plan.layout != .nhwc {
      // Blocks of channels lie an image apart, not a strip.
      steps.outputVector = plan.operation.pointwise.problem.output.area * direct.geometry.lanes
      for (place, panel) in direct.panels.panels.enumerated() {
        walk.panels[place].outputStart =
          panel.outputChannels.lowerBound / direct.geometry.lanes * steps.outputVector
      }
    }
    let tables = DirectTables(
      steps, walk,
      DirectTables.Tensors(
        input: .init(strip), filter: .init(packing.filter), bias: .init(packing.bias),
        output: output, addend: addend))
    return (tables, UnsafeRawBufferPointer(packing.filter.floats))
  }
}

extension SeparableArguments {
  /// The arguments for `plan`, whose tables and memory somebody else keeps.
  fileprivate init(
    _ plan: SeparablePlan, lines: LineArguments, products: UnsafePointer<DirectArguments>,
    strips: UnsafePointer<Strip>, scratch: AlignedBuffer.Address, output: Activation
  ) {
    let start = output.index(image: 0, channel: 0, row: 0, column: 0)
    self.init(
      lines: lines, depthwise: plan.lines.tiling.entry.run, products: products,
      pointwise: plan.product.entry.run, strips: strips, stripCount: plan.strips.count,
      scratch: scratch, scratchPerWorker: plan.scratchPerWorker, stripRow: plan.strip.row,
      outputRow: output.index(image: 0, channel: 0, row: 1, column: 0) - start,
      outputImage: output.index(image: 1, channel: 0, row: 0, column: 0) - start)
  }
}
