// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of a prepared Winograd convolution, and the memory that they point to.
final class WinogradTables {
  /// What the kernels read.
  let arguments: UnsafePointer<WinogradArguments>
  private let memory: UnsafeMutablePointer<WinogradArguments>
  private let tiles: PlainTable<WinogradTile>
  private let constants: AlignedBuffer
  private let transformed: AlignedBuffer
  private let scratch: AlignedBuffer
  private let filter: WinogradFilter
  private let activations: (Activation, Activation)

  /// The tables for `operation`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ operation: ConvolutionOperation, _ geometry: WinogradGeometry, _ blocking: WinogradBlocking,
    _ filter: WinogradFilter, _ matrices: WinogradMatrices, input: Activation, output: Activation
  ) throws(MemoryError) {
    let float = ElementType.f32.bytes
    let lanes = geometry.vector / float
    tiles = PlainTable(geometry.tiles)
    constants = try Self.constants(matrices, lanes: lanes)
    transformed = try AlignedBuffer(
      count: blocking.transformedCopies * blocking.transformedStep / float)
    scratch = try AlignedBuffer(count: blocking.workers * blocking.scratchStep / float)
    self.filter = filter
    activations = (input, output)
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: WinogradArguments(
        input: input.pointer, filter: filter.filter.pointer, bias: filter.bias.pointer,
        output: output.pointer, constants: constants.pointer, transformed: transformed.pointer,
        scratch: scratch.pointer, tiles: tiles.pointer))
    arguments = UnsafePointer(memory)
    memory.pointee.tileCount = tiles.count
    memory.pointee.hasReLU = operation.epilogue.hasReLU
    set(geometry)
    set(blocking)
  }

  deinit { memory.deallocate() }

  /// The constants of `matrices`, each repeated over a vector.
  /// - Throws: `MemoryError` where there is not enough memory.
  static func constants(
    _ matrices: WinogradMatrices, lanes: Int
  ) throws(MemoryError) -> AlignedBuffer {
    let constants = try AlignedBuffer(count: matrices.constants.count * lanes)
    for (place, value) in matrices.constants.enumerated() {
      for lane in 0..<lanes { constants.pointer[place * lanes + lane] = TensorValue(value) }
    }
    return constants
  }

  /// Where the packed filter lies.
  var filterMemory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(filter.filter.floats) }

  private func set(_ geometry: WinogradGeometry) {
    let problem = geometry.problem
    memory.pointee.channels = problem.inChannels
    memory.pointee.inputVectors = geometry.inputVectors
    memory.pointee.outputVectors = geometry.outputVectors
    memory.pointee.lastLanes = geometry.lastLanes
    memory.pointee.inputRow =
      problem.dilation.height * problem.input.width * geometry.inputColumn
    memory.pointee.inputColumn = problem.dilation.width * geometry.inputColumn
    memory.pointee.inputVector = geometry.inputVector
    memory.pointee.lastInputVector = geometry.lastInputVector
    memory.pointee.lastTransformedVector = geometry.lastTransformedVector
    memory.pointee.outputRow =
      problem.dilation.height * problem.output.width * geometry.outputColumn
    memory.pointee.outputColumn = problem.dilation.width * geometry.outputColumn
    memory.pointee.outputVector = geometry.outputVector
  }

  private func set(_ blocking: WinogradBlocking) {
    memory.pointee.blocks = blocking.blocks
    memory.pointee.channelsPerSum = WinogradBlocking.channelsPerSum
    memory.pointee.inputVectorsPerTask = blocking.inputVectorsPerTask
    memory.pointee.panelsPerBlock = blocking.panelsPerBlock
    memory.pointee.outputBlocks = blocking.outputBlocks
    memory.pointee.transformedPoint = blocking.transformedPoint
    memory.pointee.transformedTile = blocking.transformedTile
    memory.pointee.transformedStep = blocking.transformedStep
    memory.pointee.productPoint = blocking.productPoint
    memory.pointee.productTile = blocking.productTile
    memory.pointee.scratchStep = blocking.scratchStep
    memory.pointee.productOffset = blocking.productOffset
  }
}
