// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Tiles for which all `taps` along the line wait in registers.
///
/// `pitch` is the number of vectors from an input to its neighbour along the line where the compiler
/// may know it, otherwise 0. Known, every address is a constant away from one pointer; unknown, up
/// to seven multiples of the step compete for registers.
///
/// The loops over lines are inside functions that are not inlined: inlined into the walk over
/// segments, pointers were spilled inside the innermost loop, and called once per line, 3×3 took 54
/// cycles a tile instead of 38.
enum WholeLineTiles<
  Source: LaneSource, let pixels: Int, let taps: Int, let stride: Int, let pitch: Int
>: LineTiles {
  @inline(__always)
  static var form: LineForm {
    LineForm(
      source: Source.source, pixels: pixels, shorter: pixels, taps: taps, stride: stride,
      pitch: pitch, isWhole: true)
  }

  private typealias Tile = LineTile<Source, pixels, taps, stride>

  @inline(never)
  static func inside(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    let step = pitch == 0 ? arguments.pointee.inputStep : pitch &* MemoryLayout<Vector>.size
    let outputStep = pitch == 0 ? arguments.pointee.outputStep : pitch &* MemoryLayout<Vector>.size
    let across = arguments.pointee.inputAcross
    let input = block.input + segment.pointee.input
    let output = block.output + segment.pointee.output
    let tiles = segment.pointee.tiles
    var line = block.line
    while line < block.end {
      var first = input + line.pointee.input
      var target = output + line.pointee.output
      var tilesLeft = tiles
      while tilesLeft > 0 {
        var sums = Tile.Sums(repeating: Source.weight(block.bias))
        var inputs = first
        var weights = block.weights + line.pointee.weights
        var left = line.pointee.taps
        while left > 0 {
          Tile.accumulate(&sums, inputs, step: step, weights)
          inputs += across
          weights += Source.channels &* taps &* Source.weightBytes
          left &-= 1
        }
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
    // What the usual padding of half the kernel leaves out is known to the compiler.
    let half = taps / 2
    let misses = (segment.pointee.low, Tile.steps &- segment.pointee.high)
    if misses.0 == half && misses.1 <= 0 {
      lines(arguments, segment, block) { sums, input, step, weights in
        Tile.accumulate(&sums, input, step: step, weights, leading: half)
      }
    } else if misses.0 <= 0 && misses.1 == half {
      lines(arguments, segment, block) { sums, input, step, weights in
        Tile.accumulate(&sums, input, step: step, weights, trailing: half)
      }
    } else if misses.0 == half && misses.1 == half {
      lines(arguments, segment, block) { sums, input, step, weights in
        Tile.accumulate(&sums, input, step: step, weights, leading: half, trailing: half)
      }
    } else {
      let low = segment.pointee.low
      let high = segment.pointee.high
      lines(arguments, segment, block) { sums, input, step, weights in
        Tile.accumulate(&sums, input, step: step, weights, from: low, to: high)
      }
    }
  }

  /// One tile in every line of the block, of which `accumulate` adds the taps of a line.
  @inline(__always)
  private static func lines(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock,
    accumulate: (
      _ sums: inout Tile.Sums, _ input: UnsafeRawPointer, _ step: Int, _ weights: UnsafeRawPointer
    ) -> Void
  ) {
    let step = pitch == 0 ? arguments.pointee.inputStep : pitch &* MemoryLayout<Vector>.size
    let outputStep = pitch == 0 ? arguments.pointee.outputStep : pitch &* MemoryLayout<Vector>.size
    let across = arguments.pointee.inputAcross
    let input = block.input + segment.pointee.input
    let output = block.output + segment.pointee.output
    var line = block.line
    while line < block.end {
      var sums = Tile.Sums(repeating: Source.weight(block.bias))
      var inputs = input + line.pointee.input
      var weights = block.weights + line.pointee.weights
      var left = line.pointee.taps
      while left > 0 {
        accumulate(&sums, inputs, step, weights)
        inputs += across
        weights += Source.channels &* taps &* Source.weightBytes
        left &-= 1
      }
      Tile.finish(&sums, output + line.pointee.output, step: outputStep, arguments, block)
      line += 1
    }
  }
}
