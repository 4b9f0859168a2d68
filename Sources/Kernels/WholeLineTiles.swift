// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Tiles that know all `taps` along the line.
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

  private typealias Tile = LineTile<Source, pixels, taps, stride, pitch>

  @inline(never)
  static func inside(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: 0, trailing: 0)
  }

  /// What the usual padding of half the kernel leaves out is known to the compiler.
  ///
  /// With stride 2, the last output of an even line reads one input less beyond the end than that of
  /// an odd one. Lines that meet the border otherwise are left to chunks and single taps.
  @inline(__always)
  static func border(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    let half = taps / 2
    let isLeft = segment.pointee.low == half
    let beyond = Tile.steps &- segment.pointee.high
    let hasEvenBorder = stride == 2 && taps > 3 && beyond == half &- 1
    if beyond == half {
      isLeft
        ? bothBorders(arguments, segment, block) : rightBorder(arguments, segment, block)
    } else if hasEvenBorder {
      isLeft
        ? bothEvenBorders(arguments, segment, block)
        : rightEvenBorder(arguments, segment, block)
    } else if isLeft {
      leftBorder(arguments, segment, block)
    }
  }

  @inline(never)
  private static func leftBorder(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: taps / 2, trailing: 0)
  }

  @inline(never)
  private static func rightBorder(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: 0, trailing: taps / 2)
  }

  @inline(never)
  private static func bothBorders(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: taps / 2, trailing: taps / 2)
  }

  @inline(never)
  private static func rightEvenBorder(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: 0, trailing: taps / 2 &- 1)
  }

  @inline(never)
  private static func bothEvenBorders(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock
  ) {
    compute(arguments, segment, block, leading: taps / 2, trailing: taps / 2 &- 1)
  }

  /// All tiles of the segment, in every line of the block.
  ///
  /// What is left out came as a closure first; it was not always inlined, and sums then went through
  /// memory, which cost depthwise 3x3 half its speed.
  /// - Requires: constants.
  @inline(__always)
  private static func compute(
    _ arguments: UnsafePointer<LineArguments>, _ segment: UnsafePointer<LineSegment>,
    _ block: LineBlock, leading: Int, trailing: Int
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
          Tile.accumulate(
            &sums, inputs, step: step, weights, from: leading, to: Tile.steps &- trailing)
          inputs += across
          weights += Source.channels &* taps &* Source.weightBytes
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
}
