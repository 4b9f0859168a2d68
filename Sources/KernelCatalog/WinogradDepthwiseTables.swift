// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of both transforms of a depthwise Winograd convolution, and all that they point to.
final class WinogradDepthwiseTables {
  private let arguments: UnsafeMutablePointer<WinogradArguments>
  private let owned: [AnyObject]

  /// The tables for `operation`, whose `lines` read `transformed` and write `sums`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ operation: ConvolutionOperation, _ tiles: WinogradDepthwiseTiles, _ weights: Weights,
    _ matrices: WinogradMatrices, input: Activation, output: Activation, transformed: Activation,
    sums: Activation, workers: Int, lines: PreparedOperation
  ) throws(MemoryError) {
    let vector = tiles.lanes * MemoryLayout<Float>.stride
    let points = matrices.form.points * matrices.form.points
    let constants = try WinogradTables.constants(matrices, lanes: tiles.lanes)
    let bias = try AlignedBuffer(count: tiles.vectors * tiles.lanes)
    _ = bias.floats.update(from: weights.bias)
    let scratch = try AlignedBuffer(count: workers * 2 * points * tiles.lanes)
    let tables = [PlainTable(tiles.inputTiles), PlainTable(tiles.outputTiles)]
    owned = [
      input, output, transformed, sums, lines, constants, bias, scratch, tables[0], tables[1],
    ]
    arguments = .allocate(capacity: tables.count)
    for (place, tensor) in [transformed, sums].enumerated() {
      let axis = place == 0 ? tiles.rows.inputs : tiles.rows.outputs
      let extent = tensor.shape.extent
      var side = WinogradArguments(
        input: input.pointer, filter: constants.pointer, bias: bias.pointer,
        output: output.pointer, constants: constants.pointer, transformed: tensor.pointer,
        scratch: scratch.pointer, tiles: tables[place].pointer)
      side.tileCount = tables[place].count
      side.tileRows = axis
      side.blocks = operation.problem.batch * axis
      (side.inputVectors, side.outputVectors) = (tiles.vectors, tiles.vectors)
      (side.lastLanes, side.hasReLU) = (tiles.lanes, operation.epilogue.hasReLU)
      (side.inputColumn, side.outputColumn) = (vector, vector)
      side.inputRow = operation.problem.input.width * vector
      side.inputVector = operation.problem.input.area * vector
      side.lastInputVector = (tiles.vectors - 1) * side.inputVector
      side.lastTransformedVector = (tiles.vectors - 1) * vector
      side.outputRow = operation.problem.output.width * vector
      side.outputVector = operation.problem.output.area * vector
      (side.transformedPoint, side.productPoint) = (extent.area * vector, extent.area * vector)
      (side.transformedTile, side.productTile) = (vector, vector)
      side.transformedStep = points * extent.area * vector
      side.scratchStep = 2 * points * vector
      (arguments + place).initialize(to: side)
    }
  }

  deinit { arguments.deallocate() }

  /// The phase of one transform: 0 of the input, 1 of the output.
  func phase(_ name: String, _ side: Int, _ run: @escaping KernelEntry.Run) -> Phase {
    let arguments = arguments + side
    return Phase(
      name: name, tasks: arguments.pointee.blocks * arguments.pointee.inputVectors,
      context: UnsafeRawPointer(arguments), run: run)
  }
}
