// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Winograd convolution F(outputs, points − outputs + 1) in both directions.
struct WinogradKernel<let points: Int, let outputs: Int> {
  typealias Arguments = UnsafePointer<WinogradArguments>

  /// Executes tasks that are blocks of tiles, from input to output.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: WinogradArguments.self)
    let transformed =
      arguments.pointee.transformed + worker &* arguments.pointee.transformedStep
    let scratch = arguments.pointee.scratch + worker &* arguments.pointee.scratchStep
    var block = first
    while block < end {
      let tiles = arguments.pointee.tiles(ofBlock: block)
      WinogradInput<points>.run(
        arguments, tiles.first, tiles.end, 0, arguments.pointee.inputVectors, transformed, scratch)
      var outputBlock = 0
      while outputBlock < arguments.pointee.outputBlocks {
        finish(arguments, tiles, outputBlock, transformed, scratch)
        outputBlock &+= 1
      }
      block &+= 1
    }
  }

  /// Executes tasks that transform a block of tiles of some vectors of input channels.
  static func transform(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: WinogradArguments.self)
    let scratch = arguments.pointee.scratch + worker &* arguments.pointee.scratchStep
    let parts = WinogradArguments.parts(
      of: arguments.pointee.inputVectors, perTask: arguments.pointee.inputVectorsPerTask)
    var task = first
    while task < end {
      let block = task / parts
      let vectors = arguments.pointee.inputVectors(ofPart: task % parts)
      let tiles = arguments.pointee.tiles(ofBlock: block)
      WinogradInput<points>.run(
        arguments, tiles.first, tiles.end, vectors.first, vectors.end,
        arguments.pointee.transformed + block &* arguments.pointee.transformedStep, scratch)
      task &+= 1
    }
  }

  /// Executes tasks that compute a block of output channels of a block of transformed tiles.
  static func multiply(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: WinogradArguments.self)
    let scratch = arguments.pointee.scratch + worker &* arguments.pointee.scratchStep
    var task = first
    while task < end {
      let block = task % arguments.pointee.blocks
      finish(
        arguments, arguments.pointee.tiles(ofBlock: block), task / arguments.pointee.blocks,
        arguments.pointee.transformed + block &* arguments.pointee.transformedStep, scratch)
      task &+= 1
    }
  }

  /// Computes a block of output channels of a block of transformed tiles.
  @inline(__always)
  private static func finish(
    _ arguments: Arguments, _ tiles: (first: Int, end: Int), _ outputBlock: Int,
    _ transformed: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer
  ) {
    let products = scratch + arguments.pointee.productOffset
    WinogradProducts.run(
      arguments, points &* points, tiles.end &- tiles.first, outputBlock, transformed, products)
    let first = 2 &* outputBlock &* arguments.pointee.panelsPerBlock
    let end = min(
      first &+ 2 &* arguments.pointee.panelsPerBlock, arguments.pointee.outputVectors)
    WinogradOutput<points, outputs>.run(
      arguments, tiles.first, tiles.end, first, end, products, scratch)
  }
}
