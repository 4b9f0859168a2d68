// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// The microkernel of all dense algorithms: `pixels` × `vectors` sums in registers.
///
/// It multiplies scalars of the input, one per pixel, with vectors of the filter. Every step is
/// variable, so it is also the microkernel of a matrix product of any layout: rows of `A` are
/// pixels, columns of `B` are lanes. What it multiplies at a time is a quantum of channels, of which
/// `A` says what it is. Narrow tiles have too few sums to hide the latency of an FMA;
/// they keep `splits` partial sums of each, added up at the end.
struct DirectTile<
  let pixels: Int, let vectors: Int, let splits: Int, Steps: ChannelSteps, A: Arithmetic
> {
  typealias Sums = InlineArray<splits, InlineArray<pixels, InlineArray<vectors, Vector>>>
  typealias Input = UnsafeRawPointer
  typealias Output = UnsafeMutableRawPointer

  /// Quanta per pass of the innermost loop; a multiple of `splits`.
  ///
  /// With 8, LLVM keeps the addresses of all pixels of all passes at once, and spills; on AVX-512, where
  /// there are more pixels for as many addresses, it does so with 2, and a loop around 13 FMAs is cheap.
  /// What passes twice over a quantum has as much to do with one.
  @inline(__always) static var unrolled: Int {
    if A.passes > 1 { return splits }
    #if KERNELS_AVX512 || KERNELS_NEON
      return pixels &* vectors > 12 ? splits : 4
    #elseif KERNELS_AVX2
      return splits == 3 ? 3 : 4
    #else
      return splits
    #endif
  }

  /// Whether the channels of a pass are kept in their order, where their inputs together would spill.
  @inline(__always) static var keepsOrder: Bool {
    #if KERNELS_AVX512 || KERNELS_NEON
      false
    #elseif KERNELS_AVX2
      vectors == 1 && splits == 2
    #else
      splits > 1
    #endif
  }

  /// Vectors of weights that wait in registers.
  ///
  /// Beside sums and two inputs; where that leaves no room, FMAs take the last ones from memory for each
  /// pixel.
  @inline(__always) static var held: Int {
    #if KERNELS_AVX512
      let room = 30 &- pixels &* vectors
      return vectors < room ? vectors : room
    #else
      vectors
    #endif
  }

  @inline(__always) static var lanes: Int { Vector.scalarCount }
  @inline(__always) static var vectorBytes: Int { MemoryLayout<Vector>.size }

  /// Computes `work.tiles` tiles side by side.
  @inline(never)
  static func sweep(
    _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input, _ bias: Input,
    _ output: Output
  ) {
    // Two loops: with one, each of a tile's sums asks how it starts and ends, and on short runs
    // these instructions cost as much as the products. Only the steps that matter have both, since
    // compiling takes in proportion.
    if Steps.isPacked && work.pointee.lanes == lanes && !work.pointee.hasBiasPerPixel {
      sweepWhole(work, input, filter, bias, output)
    } else {
      sweepAny(work, input, filter, bias, output)
    }
  }

  /// Tiles whose vectors are whole and share a bias.
  @inline(__always)
  private static func sweepWhole(
    _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input, _ bias: Input,
    _ output: Output
  ) {
    var input = input
    var output = output
    var result = work.pointee.result
    var ahead = work.pointee.ahead
    var tiles = work.pointee.tiles
    let (outputPixel, outputVector) = (work.pointee.outputPixel, work.pointee.outputVector)
    repeat {
      prefetch(work, &ahead)
      let zeros = InlineArray<vectors, Vector>(repeating: Vector())
      var sums = Sums(repeating: InlineArray(repeating: zeros))
      if work.pointee.clears {
        for vector in 0..<vectors {
          var value = load(bias + vector &* vectorBytes)
          if A.isCompensated {
            value = A.join(value, load(work.pointee.compensation + vector &* vectorBytes))
          }
          for pixel in 0..<pixels {
            sums[unchecked: 0][unchecked: pixel][unchecked: vector] = value
          }
        }
      } else {
        let source = output + work.pointee.start
        for pixel in 0..<pixels {
          for vector in 0..<vectors {
            sums[unchecked: 0][unchecked: pixel][unchecked: vector] =
              load(source + pixel &* outputPixel + vector &* outputVector)
          }
        }
        if A.isCompensated {
          for vector in 0..<vectors {
            let value = load(work.pointee.compensation + vector &* vectorBytes)
            for pixel in 0..<pixels {
              sums[unchecked: 0][unchecked: pixel][unchecked: vector] = A.join(
                sums[unchecked: 0][unchecked: pixel][unchecked: vector], value)
            }
          }
        }
        if work.pointee.addsBias {
          for vector in 0..<vectors {
            let value = load(bias + vector &* vectorBytes)
            for pixel in 0..<pixels {
              sums[unchecked: 0][unchecked: pixel][unchecked: vector] += value
            }
          }
        }
      }
      if work.pointee.isSingleRun {
        sum(work, work.pointee.lastRun, work.pointee.lastRest, input, filter, &sums)
      } else if work.pointee.runs > 0 {
        sum(work, input, filter, &sums)
      }
      if A.isNarrow && work.pointee.finishes {
        finishNarrow(work, &sums, &result)
      } else if work.pointee.rectifies {
        for pixel in 0..<pixels {
          for vector in 0..<vectors {
            store(
              rectified(total(sums, pixel, vector)),
              output + pixel &* outputPixel + vector &* outputVector)
          }
        }
      } else {
        for pixel in 0..<pixels {
          for vector in 0..<vectors {
            store(
              total(sums, pixel, vector), output + pixel &* outputPixel + vector &* outputVector)
          }
        }
      }
      input += pixels &* work.pointee.inputPixel
      output += pixels &* outputPixel
      tiles &-= 1
    } while tiles > 0
  }

  /// Tiles of any kind.
  @inline(__always)
  private static func sweepAny(
    _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input, _ bias: Input,
    _ output: Output
  ) {
    var input = input
    var bias = bias
    var output = output
    var result = work.pointee.result
    var ahead = work.pointee.ahead
    var tiles = work.pointee.tiles
    repeat {
      prefetch(work, &ahead)
      var sums = start(work, bias, output)
      if work.pointee.runs > 0 { sum(work, input, filter, &sums) }
      if A.isNarrow && work.pointee.finishes {
        finishNarrow(work, &sums, &result)
      } else {
        finish(work, &sums, output)
      }
      input += pixels &* work.pointee.inputPixel
      output += pixels &* work.pointee.outputPixel
      if work.pointee.hasBiasPerPixel { bias += 4 &* pixels }
      tiles &-= 1
    } while tiles > 0
  }

  /// Asks for what the next tiles' filter brings.
  @inline(__always)
  private static func prefetch(_ work: UnsafePointer<DirectWork>, _ ahead: inout Input) {
    var lines = work.pointee.aheadLines
    while lines > 0 {
      cvector_prefetch(ahead)
      ahead += 64
      lines &-= 1
    }
  }
}
