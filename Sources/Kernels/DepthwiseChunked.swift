// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution of any kernel width: chunks of `taps` neighbouring taps, then single taps.
///
/// What a chunk reads stands in a table, so that chunks outside the image are not even visited and
/// only chunks across the image's border check their steps.
enum DepthwiseChunked<let pixels: Int, let taps: Int, let stride: Int> {
  /// What it is specialised for.
  @inline(__always)
  static var form: DepthwiseForm {
    DepthwiseForm(pixels: pixels, taps: taps, stride: stride, isWhole: false)
  }

  private typealias Tile = DepthwiseTile<pixels, taps, stride>
  private typealias Single = DepthwiseTile<pixels, 1, stride>

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
    let end = task.endLine(arguments)
    var index = task.firstLine(arguments)
    while index < end {
      let line = arguments.pointee.lines + index
      var place = 0
      while place < arguments.pointee.segmentCount {
        let segment = arguments.pointee.segments + place
        var first = input + (line.pointee.input &+ segment.pointee.input)
        var target = output + (line.pointee.output &+ segment.pointee.output)
        let weights = weights + line.pointee.weights
        var tiles = segment.pointee.tiles
        while tiles > 0 {
          if segment.pointee.isInside {
            inside(arguments, segment, first, weights, bias, target, across: line.pointee.taps)
          } else {
            border(arguments, segment, first, weights, bias, target, across: line.pointee.taps)
          }
          first += pixels &* stride &* arguments.pointee.inputStep
          target += pixels &* arguments.pointee.outputStep
          tiles &-= 1
        }
        place &+= 1
      }
      index &+= 1
    }
  }

  /// A tile whose steps all lie inside the image.
  @inline(never)
  private static func inside(
    _ arguments: UnsafePointer<DepthwiseArguments>, _ segment: UnsafePointer<DepthwiseSegment>,
    _ input: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ bias: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer, across: Int
  ) {
    let step = arguments.pointee.inputStep
    let chunks = arguments.pointee.chunks + segment.pointee.firstChunk
    let singles = chunks + segment.pointee.chunkCount
    let end = singles + segment.pointee.singleCount
    var sums = Tile.Sums(repeating: load(bias))
    var inputs = input
    var weights = weights
    var left = across
    while left > 0 {
      var chunk = chunks
      while chunk < singles {
        Tile.accumulate(
          &sums, inputs + chunk.pointee.input, step: step, weights + chunk.pointee.weights)
        chunk += 1
      }
      while chunk < end {
        Single.accumulate(
          &sums, inputs + chunk.pointee.input, step: step, weights + chunk.pointee.weights)
        chunk += 1
      }
      inputs += arguments.pointee.inputAcross
      weights += arguments.pointee.weightsAcross
      left &-= 1
    }
    Tile.finish(
      sums, output, step: arguments.pointee.outputStep, hasReLU: arguments.pointee.hasReLU)
  }

  /// A tile some of whose steps lie outside the image.
  @inline(never)
  private static func border(
    _ arguments: UnsafePointer<DepthwiseArguments>, _ segment: UnsafePointer<DepthwiseSegment>,
    _ input: UnsafeRawPointer, _ weights: UnsafeRawPointer, _ bias: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer, across: Int
  ) {
    let step = arguments.pointee.inputStep
    let chunks = arguments.pointee.chunks + segment.pointee.firstChunk
    let singles = chunks + segment.pointee.chunkCount
    let end = singles + segment.pointee.singleCount
    var sums = Tile.Sums(repeating: load(bias))
    var inputs = input
    var weights = weights
    var left = across
    while left > 0 {
      var chunk = chunks
      while chunk < singles {
        let first = inputs + chunk.pointee.input
        let low = chunk.pointee.low
        let high = chunk.pointee.high
        if low <= 0 && high >= Tile.steps {
          Tile.accumulate(&sums, first, step: step, weights + chunk.pointee.weights)
        } else {
          Tile.accumulate(
            &sums, first, step: step, weights + chunk.pointee.weights, from: low, to: high)
        }
        chunk += 1
      }
      while chunk < end {
        Single.accumulate(
          &sums, inputs + chunk.pointee.input, step: step, weights + chunk.pointee.weights,
          from: chunk.pointee.low, to: chunk.pointee.high)
        chunk += 1
      }
      inputs += arguments.pointee.inputAcross
      weights += arguments.pointee.weightsAcross
      left &-= 1
    }
    Tile.finish(
      sums, output, step: arguments.pointee.outputStep, hasReLU: arguments.pointee.hasReLU)
  }
}
