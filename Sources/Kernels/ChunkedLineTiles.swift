// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Tiles for kernels of any width: chunks of `taps` neighbouring taps, then single taps.
///
/// What a chunk reads stands in a table, so that chunks outside the image are not even visited and
/// only chunks across the image's border check their steps. Parameters are as in `WholeLineTiles`.
enum ChunkedLineTiles<
  Source: LaneSource, let pixels: Int, let taps: Int, let stride: Int, let pitch: Int
>: LineTiles {
  @inline(__always)
  static var form: LineForm {
    LineForm(
      source: Source.source, pixels: pixels, shorter: pixels, taps: taps, stride: stride,
      pitch: pitch, isWhole: false)
  }

  private typealias Tile = LineTile<Source, pixels, taps, stride, pitch>
  private typealias Single = LineTile<Source, pixels, 1, stride, pitch>

  @inline(never)
  static func inside(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    let step = pitch == 0 ? arguments.pointee.inputStep : pitch &* MemoryLayout<Vector>.size
    let outputStep = pitch == 0 ? arguments.pointee.outputStep : pitch &* MemoryLayout<Vector>.size
    let chunks = arguments.pointee.chunks + segment.pointee.firstChunk
    let singles = chunks + segment.pointee.chunkCount
    let end = singles + segment.pointee.singleCount
    var line = block.line
    while line < block.end {
      var first = block.input + (segment.pointee.input &+ line.pointee.input)
      var target = block.output + (segment.pointee.output &+ line.pointee.output)
      var tilesLeft = segment.pointee.tiles
      while tilesLeft > 0 {
        var sums = Tile.Sums(repeating: Source.weight(block.bias))
        var inputs = first
        var weights = block.weights + line.pointee.weights
        var left = line.pointee.taps
        while left > 0 {
          var chunk = chunks
          // One loop where both would be the same: between two, LLVM moves all sums.
          while chunk < (taps == 1 ? end : singles) {
            Tile.accumulate(
              &sums, inputs + chunk.pointee.input, step: step, weights + chunk.pointee.weights)
            chunk += 1
          }
          while taps > 1 && chunk < end {
            Single.accumulate(
              &sums, inputs + chunk.pointee.input, step: step, weights + chunk.pointee.weights)
            chunk += 1
          }
          inputs += arguments.pointee.inputAcross
          weights += arguments.pointee.weightsAcross
          left &-= 1
        }
        Tile.prefetch(inputs, step: step, target, outputStep: outputStep, arguments)
        Tile.finish(&sums, target, step: outputStep, arguments, block)
        first += pixels &* stride &* step
        target += pixels &* outputStep
        tilesLeft &-= 1
      }
      line += 1
    }
  }

  @inline(never)
  static func border(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    // One output of one tap lies inside the image, or the tap is not listed.
    guard pixels > 1 || taps > 1 else { return }
    let step = pitch == 0 ? arguments.pointee.inputStep : pitch &* MemoryLayout<Vector>.size
    let outputStep = pitch == 0 ? arguments.pointee.outputStep : pitch &* MemoryLayout<Vector>.size
    let chunks = arguments.pointee.chunks + segment.pointee.firstChunk
    let singles = chunks + segment.pointee.chunkCount
    let end = singles + segment.pointee.singleCount
    var line = block.line
    while line < block.end {
      var sums = Tile.Sums(repeating: Source.weight(block.bias))
      var inputs = block.input + (segment.pointee.input &+ line.pointee.input)
      var weights = block.weights + line.pointee.weights
      var left = line.pointee.taps
      while left > 0 {
        var chunk = chunks
        while chunk < singles {
          let first = inputs + chunk.pointee.input
          let low = chunk.pointee.low
          let high = chunk.pointee.high
          // Few cases, in this place: with code for every number of steps that a border cuts off,
          // these loops became functions of their own, and sums went through memory.
          if low <= 0 && high >= Tile.steps {
            Tile.accumulate(&sums, first, step: step, weights + chunk.pointee.weights)
          } else if taps == 3 && low == 1 && high >= Tile.steps {
            Tile.accumulate(&sums, first, step: step, weights + chunk.pointee.weights, from: 1)
          } else if taps == 3 && low <= 0 && high == Tile.steps &- 1 {
            Tile.accumulate(
              &sums, first, step: step, weights + chunk.pointee.weights, to: Tile.steps &- 1)
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
        &sums, block.output + (segment.pointee.output &+ line.pointee.output), step: outputStep,
        arguments, block)
      line += 1
    }
  }
}
