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
    let points = matrices.form.points * matrices.form.points
    let constants = try WinogradTables.constants(matrices, lanes: tiles.lanes)
    let bias = try AlignedBuffer(weights.bias, count: tiles.vectors * tiles.lanes)
    let scratch = try AlignedBuffer(count: workers * 2 * points * tiles.lanes)
    let tables = [PlainTable(tiles.inputTiles), PlainTable(tiles.outputTiles)]
    owned = [
      input, output, transformed, sums, lines, constants, bias, scratch, tables[0], tables[1],
    ]
    arguments = .allocate(capacity: tables.count)
    for (place, tensor) in [transformed, sums].enumerated() {
      let rows = place == 0 ? tiles.rows.inputs : tiles.rows.outputs
      var side = WinogradArguments(
        input: input.pointer, filter: constants.pointer, bias: bias.pointer,
        output: output.pointer, constants: constants.pointer, transformed: tensor.pointer,
        scratch: scratch.pointer, tiles: tables[place].pointer)
      (side.tileCount, side.tileRows) = (tables[place].count, rows)
      side.setSteps(operation, tiles, points: points, pixels: tensor.shape.extent.area)
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

extension WinogradArguments {
  /// How to step through images, and through `pixels` transformed ones of each of `points` points.
  fileprivate mutating func setSteps(
    _ operation: ConvolutionOperation, _ tiles: WinogradDepthwiseTiles, points: Int, pixels: Int
  ) {
    let vector = tiles.lanes * ElementType.f32.bytes
    blocks = operation.problem.batch * tileRows
    (inputVectors, outputVectors) = (tiles.vectors, tiles.vectors)
    (lastLanes, hasReLU) = (tiles.lanes, operation.epilogue.hasReLU)
    (inputColumn, outputColumn) = (vector, vector)
    inputRow = operation.problem.input.width * vector
    inputVector = operation.problem.input.area * vector
    lastInputVector = (tiles.vectors - 1) * inputVector
    lastTransformedVector = (tiles.vectors - 1) * vector
    outputRow = operation.problem.output.width * vector
    outputVector = operation.problem.output.area * vector
    (transformedPoint, productPoint) = (pixels * vector, pixels * vector)
    (transformedTile, productTile) = (vector, vector)
    transformedStep = points * pixels * vector
    scratchStep = 2 * points * vector
  }
}
