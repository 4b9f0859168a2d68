// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

/// The arithmetic of line kernels: `taps` neighbouring taps applied to `pixels` outputs.
///
/// The weights wait in registers, each input is loaded once and serves up to `taps` outputs: 3 taps
/// on 8 outputs take 13 loads for 24 FMAs, where a load per FMA would be the limit of two load
/// ports. At least 8 sums hide the latency of two FMA pipes, and only just: with 10, some of the
/// order of FMAs does not matter.
///
/// - Shapes: outputs of a tile read inputs `stride · step` bytes apart, where `step` is `pitch` vectors
///   unless that is 0; weights `[channels][taps]`.
enum LineTile<
  Source: LaneSource, let pixels: Int, let taps: Int, let stride: Int, let pitch: Int
> {
  /// One sum per output of the tile.
  typealias Sums = InlineArray<pixels, Vector>

  /// Inputs under the tile.
  @inline(__always)
  static var steps: Int { (pixels &- 1) &* stride &+ taps }

  /// Taps whose weights wait in registers at a time; more come in parts of nearly equal size.
  @inline(__always)
  private static var perPart: Int {
    let room = lineRegisters &- 1 &- pixels
    let most = room < 1 ? 1 : room
    let parts = (taps &+ most &- 1) / most
    return (taps &+ parts &- 1) / parts
  }

  /// Whether inputs are loaded one after the other, through one pointer.
  ///
  /// Left to itself, LLVM loads several at once; where 16 registers hold sums and weights, other values
  /// then spill. Everywhere, this would cost 3 taps the constant addresses.
  @inline(__always)
  private static var keepsOrder: Bool {
    #if KERNELS_AVX512 || KERNELS_NEON
      false
    #elseif KERNELS_AVX2
      stride == 2 && taps > 3 || pixels > 10 && pitch == 0
    #else
      true
    #endif
  }

  /// Whether each product is added before the next input is loaded.
  @inline(__always)
  private static var settlesSums: Bool {
    #if KERNELS_BASELINE
      taps > 1
    #else
      keepsOrder && stride == 2
    #endif
  }

  /// Only the steps `low..<high` lie inside the image.
  ///
  /// Where both are constants, the compiler knows what to skip. Otherwise the checks cost half as
  /// much again as the arithmetic: 66 cycles for 3 taps and 8 outputs, against 38. Reading zeros
  /// instead of skipping was no better: the choice of the address became a branch as well, and sums
  /// were spilled around it.
  @inline(__always)
  static func accumulate(
    _ sums: inout Sums, _ input: UnsafeRawPointer, step: Int, _ filter: UnsafeRawPointer,
    from low: Int = 0, to high: Int = steps
  ) {
    for channel in 0..<Source.channels {
      for part in 0..<(taps &+ perPart &- 1) / perPart {
        var input = begin(isFirst: channel == 0 && part == 0, input, &sums)
        let first = part &* perPart
        let weights = self.weights(filter, channel, from: first)
        for place in 0..<steps {
          if meets(place, from: first) && place >= low && place < high {
            let address = keepsOrder && pitch == 0 ? input : input + place &* step
            let value = Source.value(address, channel: channel)
            accumulate(&sums, value, place, weights, from: first)
          }
          if keepsOrder { input = cvector_reloaded(pitch == 0 ? input + step : input) }
        }
      }
    }
  }

  /// Asks for what tiles some lines further read and write: left to the CPU's own prefetching, lines
  /// from beyond level 2 come at two thirds of the pace.
  ///
  /// `input` is where the tap behind the last one across would read.
  @inline(__always)
  static func prefetch(
    _ input: UnsafeRawPointer, step: Int, _ output: UnsafeMutableRawPointer, outputStep: Int,
    _ arguments: UnsafePointer<LineArguments>
  ) {
    guard arguments.pointee.outputAhead != 0 else { return }
    var line = input + arguments.pointee.inputAhead
    // As many lines of inputs are new to the next line of outputs.
    for _ in 0..<stride {
      prefetch(line, pixels &* stride, step: step)
      line += arguments.pointee.inputAcross
    }
    prefetch(
      UnsafeRawPointer(output) + arguments.pointee.outputAhead, pixels, step: outputStep)
  }

  /// Asks for the cache lines of `count` vectors `step` bytes apart.
  @inline(__always)
  private static func prefetch(_ first: UnsafeRawPointer, _ count: Int, step: Int) {
    let lineStep = step < 64 ? 64 : step
    var offset = 0
    while offset < count &* step {
      cvector_prefetch_near(first + offset)
      offset &+= lineStep
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

  /// Keeps the channels of a permuted source apart, and the parts of many taps: inputs and weights of
  /// two together do not fit the registers.
  @inline(__always)
  private static func begin(
    isFirst: Bool, _ input: UnsafeRawPointer, _ sums: inout Sums
  ) -> UnsafeRawPointer {
    guard !isFirst else { return input }
    for pixel in 0..<pixels { sums[unchecked: pixel] = settled(sums[unchecked: pixel]) }
    return cvector_reloaded(input)
  }

  /// Whether any tap of the part that begins with `first` reads the input at `place`.
  @inline(__always)
  private static func meets(_ place: Int, from first: Int) -> Bool {
    for tap in first..<first &+ perPart where tap < taps && isUnder(place, tap) { return true }
    return false
  }

  /// Whether `tap` reads the input at `place` for an output of the tile.
  @inline(__always)
  private static func isUnder(_ place: Int, _ tap: Int) -> Bool {
    let offset = place &- tap
    return offset >= 0 && offset % stride == 0 && offset / stride < pixels
  }

  @inline(__always)
  private static func weights(
    _ filter: UnsafeRawPointer, _ channel: Int, from first: Int
  ) -> InlineArray<taps, Vector> {
    var weights = InlineArray<taps, Vector>(repeating: Vector())
    for tap in first..<first &+ perPart where tap < taps {
      weights[unchecked: tap] = Source.weight(
        filter + (channel &* taps &+ tap) &* Source.weightBytes)
    }
    return weights
  }

  /// The input at `place` times each weight of a part that meets it.
  @inline(__always)
  private static func accumulate(
    _ sums: inout Sums, _ value: Vector, _ place: Int,
    _ weights: borrowing InlineArray<taps, Vector>, from first: Int
  ) {
    for tap in first..<first &+ perPart where tap < taps && isUnder(place, tap) {
      let pixel = (place &- tap) / stride
      sums[unchecked: pixel] = multiplyAdd(sums[unchecked: pixel], value, weights[unchecked: tap])
      if settlesSums { sums[unchecked: pixel] = settled(sums[unchecked: pixel]) }
    }
  }
}
