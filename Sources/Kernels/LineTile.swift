// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

/// The arithmetic of line kernels: `taps` neighbouring taps applied to `pixels` outputs.
///
/// The weights wait in registers, each input is loaded once and serves up to `taps` outputs: 3 taps
/// on 8 outputs take 13 loads for 24 FMAs, where a load per FMA would be the limit of two load
/// ports. On 16 registers `pixels + taps + 1` must not exceed 16; at least 8 sums hide the latency
/// of two FMA pipes.
///
/// - Shapes: outputs of a tile read inputs `stride · step` bytes apart; weights `[channels][taps]`.
enum LineTile<Source: LaneSource, let pixels: Int, let taps: Int, let stride: Int> {
  /// One sum per output of the tile.
  typealias Sums = InlineArray<pixels, Vector>

  /// Inputs under the tile.
  @inline(__always)
  static var steps: Int { (pixels &- 1) &* stride &+ taps }

  /// All steps but the first `leading` and the last `trailing` lie inside the image.
  /// - Requires: constants.
  @inline(__always)
  static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer,
    leading: Int = 0, trailing: Int = 0
  ) {
    for channel in 0..<Source.channels {
      let input = begin(channel, input, &sums)
      let weights = self.weights(filter, channel)
      for place in 0..<steps where place >= leading && place < steps &- trailing {
        let value = Source.value(input + place &* step, channel: channel)
        accumulate(&sums, value, place, weights)
      }
    }
  }

  /// Only the steps `low..<high` lie inside the image.
  ///
  /// The checks cost half as much again as the arithmetic: 66 cycles for 3 taps and 8 outputs,
  /// against 38 where the compiler knows what to skip. Reading zeros instead of skipping was no
  /// better: the choice of the address became a branch as well, and sums were spilled around it.
  @inline(__always)
  static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer,
    from low: Int, to high: Int
  ) {
    for channel in 0..<Source.channels {
      let input = begin(channel, input, &sums)
      let weights = self.weights(filter, channel)
      for place in 0..<steps where place >= low && place < high {
        accumulate(
          &sums, Source.value(input + place &* step, channel: channel), place, weights)
      }
    }
  }

  /// Finishes the sums and writes them `step` bytes apart.
  @inline(__always)
  static func finish(
    _ sums: inout Sums, _ output: UnsafeMutableRawPointer, step: Int,
    _ arguments: UnsafePointer<LineArguments>, _ block: LineBlock
  ) {
    if arguments.pointee.hasReLU {
      for pixel in 0..<pixels { sums[unchecked: pixel] = rectified(sums[unchecked: pixel]) }
    }
    if Source.mayWrite(output + (pixels &- 1) &* step, block) {
      for pixel in 0..<pixels { store(sums[unchecked: pixel], output + pixel &* step) }
    } else {
      for pixel in 0..<pixels {
        writeLanes(sums[unchecked: pixel], output + pixel &* step, block.outputLanes)
      }
    }
  }

  @inline(never)
  private static func writeLanes(
    _ vector: Vector, _ output: UnsafeMutableRawPointer, _ count: Int
  ) {
    store(vector, output, count)
  }

  /// Keeps the channels of a permuted source apart: inputs and weights of two channels together do
  /// not fit the registers.
  @inline(__always)
  private static func begin(
    _ channel: Int, _ input: UnsafeRawPointer, _ sums: inout Sums
  ) -> UnsafeRawPointer {
    guard channel > 0 else { return input }
    for pixel in 0..<pixels { sums[unchecked: pixel] = settled(sums[unchecked: pixel]) }
    return cvector_reloaded(input)
  }

  @inline(__always)
  private static func weights(
    _ filter: UnsafeRawPointer, _ channel: Int
  ) -> InlineArray<taps, Vector> {
    var weights = InlineArray<taps, Vector>(repeating: Vector())
    for tap in 0..<taps {
      weights[unchecked: tap] = Source.weight(
        filter + (channel &* taps &+ tap) &* Source.weightBytes)
    }
    return weights
  }

  /// The input at `place` times each weight that meets it.
  @inline(__always)
  private static func accumulate(
    _ sums: inout Sums, _ value: Vector, _ place: Int,
    _ weights: borrowing InlineArray<taps, Vector>
  ) {
    for tap in 0..<taps {
      let offset = place &- tap
      if offset >= 0 && offset % stride == 0 && offset / stride < pixels {
        let pixel = offset / stride
        sums[unchecked: pixel] = multiplyAdd(
          sums[unchecked: pixel], value, weights[unchecked: tap])
      }
    }
  }
}
