// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Walks the tables of a convolution on plain tensors; the arithmetic is in `PlaneTile`.
///
/// All output channels pass over a tile's positions in turn, whose inputs are then near.
enum PlaneKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: PlaneArguments.self)
    let bands = arguments.pointee.steps.bands
    let scratch =
      arguments.pointee.scratch + worker &* arguments.pointee.steps.scratchPerWorker
    var task = first
    while task < end {
      let index = task / bands
      let band = arguments.pointee.bands + (task &- index &* bands)
      var input = arguments.pointee.input + index &* arguments.pointee.steps.inputGroup
      if arguments.pointee.steps.copies {
        let copies = scratch + PlaneArguments.spareBytes
        copy(arguments, band, input, copies)
        input = UnsafeRawPointer(copies)
      }
      compute(arguments, band, index, input, scratch)
      task &+= 1
    }
  }

  /// Copies the rows of `band` of all channels of a group.
  private static func copy(
    _ arguments: UnsafePointer<PlaneArguments>, _ band: UnsafePointer<PlaneBand>,
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
  ) {
    // Read once: the stores below could change it for all the compiler knows.
    let shape = arguments.pointee.steps.row
    let end = arguments.pointee.rows + band.pointee.endRow
    var source = source
    var target = target
    var left = arguments.pointee.steps.inputChannels
    while left > 0 {
      var row = arguments.pointee.rows + band.pointee.firstRow
      while row < end {
        if row.pointee.source >= 0 {
          PlaneCopy.row(shape, source + row.pointee.source, target + row.pointee.target)
        } else {
          clear(arguments, target + row.pointee.target)
        }
        row += 1
      }
      source += arguments.pointee.steps.inputChannel
      target += arguments.pointee.steps.copiedChannel
      left &-= 1
    }
  }

  /// Makes a row of zeros.
  private static func clear(
    _ arguments: UnsafePointer<PlaneArguments>, _ target: UnsafeMutableRawPointer
  ) {
    let bytes = arguments.pointee.steps.zeroBytes
    var row = target
    var left = arguments.pointee.steps.remainders
    while left > 0 {
      var offset = 0
      while offset < bytes {
        (row + offset).storeBytes(of: 0, as: Float.self)
        offset &+= 4
      }
      row += arguments.pointee.steps.row.remainderPitch
      left &-= 1
    }
  }

  /// The tiles of a band of group `index`, counted over all images.
  private static func compute(
    _ arguments: UnsafePointer<PlaneArguments>, _ band: UnsafePointer<PlaneBand>, _ index: Int,
    _ input: UnsafeRawPointer, _ scratch: UnsafeMutableRawPointer
  ) {
    let steps = arguments.pointee.steps
    let group = index % steps.groups
    let filter = arguments.pointee.filter + group &* steps.filterGroup
    let bias = arguments.pointee.bias + group &* steps.biasGroup
    let output =
      arguments.pointee.output + (index &* steps.outputGroup &+ band.pointee.output)
    let blocksEnd = arguments.pointee.blocks + steps.blocks
    var input = input
    var places = arguments.pointee.vectors + band.pointee.firstVector
    var tiles = arguments.pointee.tiles + band.pointee.firstTiles
    let end = arguments.pointee.tiles + band.pointee.endTiles
    while tiles < end {
      var left = tiles.pointee.count
      while left > 0 {
        var block = arguments.pointee.blocks
        while block < blocksEnd {
          CompiledPlaneTiles.run(
            block.pointee.channels, tiles.pointee.vectors, arguments, input,
            filter + block.pointee.filter, bias + block.pointee.bias,
            output + block.pointee.output, places, scratch)
          block += 1
        }
        input += tiles.pointee.vectors &* MemoryLayout<Vector>.size
        places += tiles.pointee.vectors
        left &-= 1
      }
      tiles += 1
    }
  }
}
