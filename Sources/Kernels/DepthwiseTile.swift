// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of depthwise convolution: `taps` neighbouring taps applied to `pixels` outputs.
///
/// The weights wait in registers, each input is loaded once and serves up to `taps` outputs: 3 taps
/// on 8 outputs take 13 loads for 24 FMAs, where a load per FMA would be the limit of two load
/// ports. On 16 registers `pixels + taps + 1` must not exceed 16; at least 8 sums hide the latency
/// of two FMA pipes.
///
/// - Shapes: outputs `step` bytes apart in tile order read inputs `stride · step` bytes apart;
///   weights are vectors one after the other.
enum DepthwiseTile<let pixels: Int, let taps: Int, let stride: Int> {
  /// One sum per output of the tile.
  typealias Sums = InlineArray<pixels, Vector>

  /// Inputs under the tile.
  @inline(__always)
  static var steps: Int { (pixels &- 1) &* stride &+ taps }

  /// Every step lies inside the image.
  @inline(__always)
  static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer
  ) {
    let weights = weights(filter)
    for place in 0..<steps {
      accumulate(&sums, input, step: step, place, weights)
    }
  }

  /// Only the steps `low..<high` lie inside the image.
  @inline(__always)
  static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer,
    from low: Int, to high: Int
  ) {
    let weights = weights(filter)
    for place in 0..<steps where place >= low && place < high {
      accumulate(&sums, input, step: step, place, weights)
    }
  }

  /// Only the steps `low..<high` lie inside the image, where `low < taps` and fewer than `taps`
  /// steps follow `high`: the middle needs no checks, which is worth 40 % on 3 taps.
  @inline(__always)
  static func accumulateTrimmed(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer,
    from low: Int, to high: Int
  ) {
    let weights = weights(filter)
    for place in 0..<steps {
      let mayPrecede = place < taps &- 1
      let mayFollow = place > steps &- taps
      if (!mayPrecede || place >= low) && (!mayFollow || place < high) {
        accumulate(&sums, input, step: step, place, weights)
      }
    }
  }

  /// Finishes the sums and writes them `step` bytes apart.
  @inline(__always)
  static func finish(
    _ sums: borrowing Sums, _ output: UnsafeMutableRawPointer, step: Int, hasReLU: Bool
  ) {
    if hasReLU {
      for pixel in 0..<pixels {
        store(rectified(sums[unchecked: pixel]), output + pixel &* step)
      }
    } else {
      for pixel in 0..<pixels {
        store(sums[unchecked: pixel], output + pixel &* step)
      }
    }
  }

  @inline(__always)
  private static func weights(_ filter: UnsafeRawPointer) -> InlineArray<taps, Vector> {
    var weights = InlineArray<taps, Vector>(repeating: Vector())
    for tap in 0..<taps {
      weights[unchecked: tap] = load(filter + tap &* MemoryLayout<Vector>.size)
    }
    return weights
  }

  /// The input at `place` times each weight that meets it.
  @inline(__always)
  private static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ place: Int,
    _ weights: borrowing InlineArray<taps, Vector>
  ) {
    let value = load(input + place &* step)
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
