// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution with all `taps` of a line in registers.
///
/// The two loops over tiles are functions of their own that are not inlined: inlined into the walk
/// over lines, pointers were spilled inside the loop, and 3×3 took 62 cycles a tile instead of 39.
enum DepthwiseWhole<let pixels: Int, let taps: Int, let stride: Int> {
  /// What it is specialised for.
  @inline(__always)
  static var form: DepthwiseForm {
    DepthwiseForm(pixels: pixels, taps: taps, stride: stride, isWhole: true)
  }

  private typealias Tile = DepthwiseTile<pixels, taps, stride>

  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: DepthwiseArguments.self)
    var task = DepthwiseTask(first, arguments)
    var left = end &- first
    while left > 0 {
      compute(task, arguments)
      task.advance(arguments)
      left &-= 1
    }
  }

  @inline(__always)
  private static func compute(
    _ task: DepthwiseTask, _ arguments: UnsafePointer<DepthwiseArguments>
  ) {
    let input = task.input(arguments)
    let output = task.output(arguments)
    let plane = task.entry(arguments)
    let weights = arguments.pointee.weights + plane.pointee.weights
    let bias = arguments.pointee.bias + plane.pointee.bias
    let segments = arguments.pointee.segments
    let end = task.endLine(arguments)
    var index = task.firstLine(arguments)
    while index < end {
      let line = arguments.pointee.lines + index
      var place = 0
      while place < arguments.pointee.segmentCount {
        let segment = segments + place
        let first = input + (line.pointee.input &+ segment.pointee.input)
        let target = output + (line.pointee.output &+ segment.pointee.output)
        let weights = weights + line.pointee.weights
        if segment.pointee.isInside {
          inside(
            arguments, first, weights, bias, target, across: line.pointee.taps,
            tiles: segment.pointee.tiles)
        } else {
          border(
            arguments, first, weights, bias, target, across: line.pointee.taps,
            from: segment.pointee.low, to: segment.pointee.high)
        }
        place &+= 1
      }
      index &+= 1
    }
  }

  /// `tiles` tiles whose steps all lie inside the image.
  @inline(never)
  private static func inside(
    _ arguments: UnsafePointer<DepthwiseArguments>, _ input: UnsafeRawPointer,
    _ weights: UnsafeRawPointer, _ bias: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    across: Int, tiles: Int
  ) {
    let step = arguments.pointee.inputStep
    let acrossStep = arguments.pointee.inputAcross
    let outputStep = arguments.pointee.outputStep
    var first = input
    var target = output
    var tilesLeft = tiles
    while tilesLeft > 0 {
      var sums = Tile.Sums(repeating: load(bias))
      var inputs = first
      var weights = weights
      var left = across
      while left > 0 {
        Tile.accumulate(&sums, inputs, step: step, weights)
        inputs += acrossStep
        weights += taps &* MemoryLayout<Vector>.size
        left &-= 1
      }
      Tile.finish(sums, target, step: outputStep, hasReLU: arguments.pointee.hasReLU)
      first += pixels &* stride &* step
      target += pixels &* outputStep
      tilesLeft &-= 1
    }
  }

  /// One tile of which only the steps `low..<high` lie inside the image.
  @inline(never)
  private static func border(
    _ arguments: UnsafePointer<DepthwiseArguments>, _ input: UnsafeRawPointer,
    _ weights: UnsafeRawPointer, _ bias: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    across: Int, from low: Int, to high: Int
  ) {
    let step = arguments.pointee.inputStep
    var sums = Tile.Sums(repeating: load(bias))
    var inputs = input
    var weights = weights
    var left = across
    while left > 0 {
      Tile.accumulateTrimmed(&sums, inputs, step: step, weights, from: low, to: high)
      inputs += arguments.pointee.inputAcross
      weights += taps &* MemoryLayout<Vector>.size
      left &-= 1
    }
    Tile.finish(
      sums, output, step: arguments.pointee.outputStep, hasReLU: arguments.pointee.hasReLU)
  }
}
