// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// The microkernel of all dense algorithms: `pixels` × `vectors` sums in registers.
///
/// It multiplies scalars of the input, one per pixel, with vectors of the filter. Every step is
/// variable, so it is also the microkernel of a matrix product of any layout: rows of `A` are
/// pixels, columns of `B` are lanes. Narrow tiles have too few sums to hide the latency of an FMA;
/// they keep `splits` partial sums of each, added up at the end.
struct DirectTile<let pixels: Int, let vectors: Int, let splits: Int, Steps: ChannelSteps> {
  typealias Sums = InlineArray<splits, InlineArray<pixels, InlineArray<vectors, Vector>>>
  typealias Input = UnsafeRawPointer
  typealias Output = UnsafeMutableRawPointer

  /// Channels per pass of the innermost loop; a multiple of `splits`.
  ///
  /// With 8, LLVM keeps the addresses of all pixels of all passes at once, and spills; on AVX-512, where
  /// there are more pixels for as many addresses, it does so with 2, and a loop around 13 FMAs is cheap.
  @inline(__always) static var unrolled: Int {
    #if KERNELS_AVX512 || KERNELS_NEON
      pixels &* vectors > 12 ? splits : 4
    #elseif KERNELS_AVX2
      splits == 3 ? 3 : 4
    #else
      splits
    #endif
  }

  /// Whether the channels of a pass are kept in their order, where their inputs together would spill.
  @inline(__always) private static var keepsOrder: Bool {
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
  @inline(__always) private static var held: Int {
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
    var ahead = work.pointee.ahead
    var tiles = work.pointee.tiles
    let (outputPixel, outputVector) = (work.pointee.outputPixel, work.pointee.outputVector)
    repeat {
      var later = DirectAhead(
        ahead, before: work.pointee.aheadEnd, step: work.pointee.aheadStep, else: filter)
      let zeros = InlineArray<vectors, Vector>(repeating: Vector())
      var sums = Sums(repeating: InlineArray(repeating: zeros))
      if work.pointee.clears {
        for vector in 0..<vectors {
          let value = load(bias + vector &* vectorBytes)
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
        sum(AllPixels.self, work, work.pointee.lastRun, input, filter, &later, &sums)
      } else {
        sumAll(work, input, filter, &later, &sums)
      }
      if work.pointee.rectifies {
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
      ahead += work.pointee.aheadTile
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
    var ahead = work.pointee.ahead
    var tiles = work.pointee.tiles
    repeat {
      if !Steps.isPacked {
        DirectAhead.askAtOnce(
          ahead, bytes: work.pointee.aheadTile, before: work.pointee.aheadEnd)
      }
      var later = DirectAhead(
        ahead, before: work.pointee.aheadEnd, step: work.pointee.aheadStep, else: filter)
      var sums = start(work, bias, output)
      sumAll(work, input, filter, &later, &sums)
      finish(work, &sums, output)
      input += pixels &* work.pointee.inputPixel
      output += pixels &* work.pointee.outputPixel
      ahead += work.pointee.aheadTile
      if work.pointee.hasBiasPerPixel { bias += 4 &* pixels }
      tiles &-= 1
    } while tiles > 0
  }

  /// All taps: those that the first pixel has not, those that all have, those that the last has not.
  ///
  /// Transparent, since functions that are only always inlined are not where there are so many loops.
  @_transparent
  private static func sumAll(
    _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input,
    _ later: inout DirectAhead, _ sums: inout Sums
  ) {
    if hasEdges, let edge = work.pointee.before {
      sum(
        ButFirst.self, edge, input + edge.pointee.shiftInput, filter + edge.pointee.shiftFilter,
        &later, &sums)
    }
    if work.pointee.runs > 0 { sum(AllPixels.self, work, input, filter, &later, &sums) }
    if hasEdges, let edge = work.pointee.after {
      sum(
        ButLast.self, edge, input + edge.pointee.shiftInput,
        filter + edge.pointee.shiftFilter, &later, &sums)
    }
  }

  /// Whether taps that one pixel has not are summed with the others, in registers, as
  /// `InstructionSet.edgePixels` says.
  @inline(__always) private static var hasEdges: Bool {
    #if KERNELS_AVX512
      Steps.isPacked && pixels > 1 && vectors == 1
    #else
      false
    #endif
  }

  /// The loop nest, for some of the pixels.
  ///
  /// Each loop runs at least once, and the sums pass through as few of them as can be: every place
  /// where control flow meets may cost a spill of all sums.
  @inline(__always)
  private static func sum<Range: PixelRange>(
    _ range: Range.Type, _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input,
    _ later: inout DirectAhead, _ sums: inout Sums
  ) {
    var rowInput = input
    var rowFilter = filter
    var rows = work.pointee.tapRows
    repeat {
      var tapInput = rowInput
      var tapFilter = rowFilter
      var columns = work.pointee.tapColumns
      repeat {
        var runInput = tapInput
        var runFilter = tapFilter
        var runs = work.pointee.runs
        repeat {
          let channels = runs == 1 ? work.pointee.lastRun : work.pointee.run
          sum(range, work, channels, runInput, runFilter, &later, &sums)
          runInput += work.pointee.inputRun
          runFilter += work.pointee.filterRun
          runs &-= 1
        } while runs > 0
        tapInput += work.pointee.inputTapColumn
        tapFilter += work.pointee.filterTapColumn
        columns &-= 1
      } while columns > 0
      rowInput += work.pointee.inputTapRow
      rowFilter += work.pointee.filterTapRow
      rows &-= 1
    } while rows > 0
  }

  /// Adds the products of one run of `channels`.
  ///
  /// The rest that does not fill a pass goes to the first partial sum only.
  @inline(__always)
  private static func sum<Range: PixelRange>(
    _ range: Range.Type, _ work: UnsafePointer<DirectWork>, _ channels: Int,
    _ input: Input, _ filter: Input, _ later: inout DirectAhead, _ sums: inout Sums
  ) {
    let inputChannel = Steps.inputChannel(work)
    let filterChannel = Steps.filterChannel(work, packed: vectors &* vectorBytes)
    var inputs = PixelPointers<pixels>(input, pitch: work.pointee.inputPixel)
    var filter = filter
    var left = channels
    while left >= unrolled {
      for channel in 0..<unrolled {
        if Steps.isPacked { later.ask() }
        add(range, inputs, filter, &sums[unchecked: channel % splits])
        inputs.advance(inputChannel)
        filter += filterChannel
        if keepsOrder {
          inputs.settle()
          filter = cvector_reloaded(filter)
        }
      }
      left &-= unrolled
    }
    if unrolled == 1 || left == 0 { return }
    repeat {
      if Steps.isPacked { later.ask() }
      add(range, inputs, filter, &sums[unchecked: 0])
      inputs.advance(inputChannel)
      filter += filterChannel
      left &-= 1
    } while left > 0
  }

  /// Adds the products of one channel.
  @inline(__always)
  private static func add<Range: PixelRange>(
    _ range: Range.Type, _ inputs: PixelPointers<pixels>, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>
  ) {
    var weights = InlineArray<vectors, Vector>(repeating: Vector())
    for vector in 0..<held {
      weights[unchecked: vector] = load(filter + vector &* vectorBytes)
    }
    for pixel in Range.first..<pixels &- Range.left {
      let value = broadcast(inputs[pixel])
      for vector in 0..<vectors {
        let weight =
          vector < held
          ? weights[unchecked: vector] : load(cvector_reloaded(filter) + vector &* vectorBytes)
        sums[unchecked: pixel][unchecked: vector] = multiplyAdd(
          sums[unchecked: pixel][unchecked: vector], value, weight)
      }
    }
  }
}
