// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector
  internal import Convolution

  /// Depthwise convolution of bf16 or integers with channels side by side.
  ///
  /// A product sums as many taps of a channel as a quantum has numbers. A table has the addresses of all taps
  /// of a pixel; those outside the image are of a row of zero points, as long as a row of the image, so that
  /// all pixels of a row whose columns of taps lie inside the image share a table and a shift.
  ///
  /// A task is an output row.
  enum DepthwiseKernel<A: DepthwiseArithmetic> {
    typealias Arguments = NarrowDepthwiseArguments

    /// Executes tasks; the contract of `KernelEntry.Run`.
    static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
      let arguments = context.assumingMemoryBound(to: Arguments.self)
      let taps = arguments.pointee.tables + worker &* arguments.pointee.tableCount
      var task = first
      while task < end {
        var block = 0
        while block < arguments.pointee.blocks {
          compute(arguments, task, block, taps)
          block &+= 1
        }
        task &+= 1
      }
    }

    /// A row of a block of channels.
    @inline(__always)
    private static func compute(
      _ arguments: UnsafePointer<Arguments>, _ task: Int, _ block: Int,
      _ taps: UnsafeMutablePointer<UnsafeRawPointer>
    ) {
      let channel = block &* A.channels
      let left = arguments.pointee.channels &- channel
      let mask = left >= A.channels ? A.allChannels : (1 &<< UInt64(left)) &- 1
      let bytes = A.elementBytes &* arguments.pointee.channels
      let (image, row) = (
        task / arguments.pointee.outputHeight, task % arguments.pointee.outputHeight
      )
      let input =
        arguments.pointee.input + image &* arguments.pointee.inputHeight
        &* arguments.pointee.inputWidth &* bytes + channel &* A.elementBytes
      let output =
        arguments.pointee.output + task &* arguments.pointee.outputWidth &* bytes + channel
        &* A.elementBytes
      var column = 0
      while column < arguments.pointee.outputWidth {
        fill(arguments, taps, input, row, column, bytes)
        let isInside =
          column >= arguments.pointee.firstInside && column < arguments.pointee.endInside
        let end = isInside ? arguments.pointee.endInside : column &+ 1
        sweep(arguments, block, taps, mask, output + column &* bytes, end &- column, bytes)
        column = end
      }
    }

    /// Pixels side by side that share a table.
    ///
    /// A register without a mask is stored several times as fast.
    @inline(never)
    private static func sweep(
      _ arguments: UnsafePointer<Arguments>, _ block: Int,
      _ taps: UnsafeMutablePointer<UnsafeRawPointer>, _ mask: UInt64,
      _ output: UnsafeMutableRawPointer, _ pixels: Int, _ bytes: Int
    ) {
      if mask == A.allChannels {
        sweepMasked(arguments, block, taps, A.allChannels, output, pixels, bytes)
      } else {
        sweepMasked(arguments, block, taps, mask, output, pixels, bytes)
      }
    }

    /// The same for the channels of `mask`, three pixels at a time: they share what is loaded of the filter.
    @inline(__always)
    private static func sweepMasked(
      _ arguments: UnsafePointer<Arguments>, _ block: Int,
      _ taps: UnsafePointer<UnsafeRawPointer>, _ mask: UInt64, _ output: UnsafeMutableRawPointer,
      _ pixels: Int, _ bytes: Int
    ) {
      let step = arguments.pointee.strideWidth &* bytes
      var output = output
      var shift = 0
      var left = pixels
      while left >= 3 {
        DepthwisePixels<3, A>.compute(arguments, block, taps, shift, step, mask, output, bytes)
        shift &+= 3 &* step
        output += 3 &* bytes
        left &-= 3
      }
      while left > 0 {
        DepthwisePixels<1, A>.compute(arguments, block, taps, shift, step, mask, output, bytes)
        shift &+= step
        output += bytes
        left &-= 1
      }
    }

    /// The addresses of the taps of a pixel.
    @inline(__always)
    private static func fill(
      _ arguments: UnsafePointer<Arguments>, _ taps: UnsafeMutablePointer<UnsafeRawPointer>,
      _ input: UnsafeRawPointer, _ row: Int, _ column: Int, _ bytes: Int
    ) {
      let zeros = arguments.pointee.zeros
      var place = 0
      var y = row &* arguments.pointee.strideHeight &- arguments.pointee.paddingTop
      var tapRow = 0
      while tapRow < arguments.pointee.kernelHeight {
        var x = column &* arguments.pointee.strideWidth &- arguments.pointee.paddingLeft
        let isInside = y >= 0 && y < arguments.pointee.inputHeight
        var tapColumn = 0
        while tapColumn < arguments.pointee.kernelWidth {
          if x < 0 || x >= arguments.pointee.inputWidth {
            taps[place] = zeros
          } else if isInside {
            taps[place] = input + (y &* arguments.pointee.inputWidth &+ x) &* bytes
          } else {
            taps[place] = zeros + x &* bytes
          }
          place &+= 1
          x &+= arguments.pointee.dilationWidth
          tapColumn &+= 1
        }
        y &+= arguments.pointee.dilationHeight
        tapRow &+= 1
      }
      while place < arguments.pointee.tableCount {
        taps[place] = zeros
        place &+= 1
      }
    }
  }

  /// Pixels side by side, a register of channels of each.
  enum DepthwisePixels<let pixels: Int, A: DepthwiseArithmetic> {
    @inline(__always)
    static func compute(
      _ arguments: UnsafePointer<NarrowDepthwiseArguments>, _ block: Int,
      _ taps: UnsafePointer<UnsafeRawPointer>, _ shift: Int, _ step: Int, _ mask: UInt64,
      _ output: UnsafeMutableRawPointer, _ bytes: Int
    ) {
      let width = A.vectors &* Vector.bytes
      var rest = arguments.pointee.quanta
      var weights = arguments.pointee.filter + block &* rest &* width
      let start = ChannelVectors(arguments.pointee.starts + block &* width, A.vectors)
      var sums = InlineArray<pixels, ChannelVectors>(repeating: start)
      var quantum = taps
      while rest > 0 {
        let own = ChannelVectors(weights, A.vectors)
        for pixel in 0..<pixels {
          A.add(&sums[unchecked: pixel], quantum, shift &+ pixel &* step, mask, own)
        }
        quantum += A.quantum
        weights += width
        rest &-= 1
      }
      for pixel in 0..<pixels {
        A.finish(
          sums[unchecked: pixel], arguments, arguments.pointee.scales + block &* width,
          output + pixel &* bytes, mask)
      }
    }
  }

  /// Vectors for a register of channels; `third` and `fourth` of bytes only.
  struct ChannelVectors {
    var first, second, third, fourth: Vector

    @inline(__always)
    init(_ start: UnsafeRawPointer, _ vectors: Int) {
      first = Vector(at: start)
      second = Vector(at: start + Vector.bytes)
      third = vectors > 2 ? Vector(at: start + 2 &* Vector.bytes) : Vector()
      fourth = vectors > 2 ? Vector(at: start + 3 &* Vector.bytes) : Vector()
    }
  }

  /// How taps are multiplied.
  protocol DepthwiseArithmetic: Arithmetic {
    /// Vectors of sums: those of a register of channels.
    static var vectors: Int { get }
    /// Adds the products of a quantum of taps.
    static func add(
      _ sums: inout ChannelVectors, _ taps: UnsafePointer<UnsafeRawPointer>, _ shift: Int,
      _ mask: UInt64, _ weights: ChannelVectors)
    /// Writes outputs.
    static func finish(
      _ sums: ChannelVectors, _ arguments: UnsafePointer<NarrowDepthwiseArguments>,
      _ scales: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ mask: UInt64)
  }

  extension DepthwiseArithmetic {
    /// Channels of a register.
    @inline(__always) static var channels: Int { vectors &* Vector.count }
    @inline(__always) static var allChannels: UInt64 { ~0 &>> UInt64(64 &- channels) }

    /// `sum` and the products of interleaved taps.
    @inline(__always)
    static func add(_ sum: Vector, _ taps: cnarrow_vector, _ weights: Vector) -> Vector {
      add(sum, Vector(taps), weights)
    }
  }

  extension U8S8Arithmetic: DepthwiseArithmetic {
    @inline(__always) static var vectors: Int { 4 }

    @inline(__always)
    static func add(
      _ sums: inout ChannelVectors, _ taps: UnsafePointer<UnsafeRawPointer>, _ shift: Int,
      _ mask: UInt64, _ weights: ChannelVectors
    ) {
      let (first, second) = (
        cnarrow_load_bytes(taps[0] + shift, mask), cnarrow_load_bytes(taps[1] + shift, mask)
      )
      let (third, fourth) = (
        cnarrow_load_bytes(taps[2] + shift, mask), cnarrow_load_bytes(taps[3] + shift, mask)
      )
      let (low, high) = (cnarrow_low_bytes(first, second), cnarrow_high_bytes(first, second))
      let (lowNext, highNext) = (
        cnarrow_low_bytes(third, fourth), cnarrow_high_bytes(third, fourth)
      )
      sums.first = add(sums.first, cnarrow_low_halves(low, lowNext), weights.first)
      sums.second = add(sums.second, cnarrow_high_halves(low, lowNext), weights.second)
      sums.third = add(sums.third, cnarrow_low_halves(high, highNext), weights.third)
      sums.fourth = add(sums.fourth, cnarrow_high_halves(high, highNext), weights.fourth)
    }

    @inline(__always)
    static func finish(
      _ sums: ChannelVectors, _ arguments: UnsafePointer<NarrowDepthwiseArguments>,
      _ scales: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ mask: UInt64
    ) {
      cnarrow_store_packed_bytes(
        rounded(sums.first, arguments, scales),
        rounded(sums.second, arguments, scales + Vector.bytes),
        rounded(sums.third, arguments, scales + 2 &* Vector.bytes),
        rounded(sums.fourth, arguments, scales + 3 &* Vector.bytes), output, mask)
    }

    @inline(__always)
    private static func rounded(
      _ sum: Vector, _ arguments: UnsafePointer<NarrowDepthwiseArguments>,
      _ scales: UnsafeRawPointer
    ) -> cnarrow_ints {
      cnarrow_rounded(
        sum.lanes, Vector(at: scales).lanes, arguments.pointee.lowest, arguments.pointee.highest,
        arguments.pointee.outputZero)
    }
  }

  extension BF16Arithmetic: DepthwiseArithmetic {
    @inline(__always) static var vectors: Int { 2 }

    @inline(__always)
    static func add(
      _ sums: inout ChannelVectors, _ taps: UnsafePointer<UnsafeRawPointer>, _ shift: Int,
      _ mask: UInt64, _ weights: ChannelVectors
    ) {
      let first = cnarrow_load_halves(taps[0] + shift, mask)
      let second = cnarrow_load_halves(taps[1] + shift, mask)
      sums.first = add(sums.first, cnarrow_low_halves(first, second), weights.first)
      sums.second = add(sums.second, cnarrow_high_halves(first, second), weights.second)
    }

    @inline(__always)
    static func finish(
      _ sums: ChannelVectors, _ arguments: UnsafePointer<NarrowDepthwiseArguments>,
      _ scales: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ mask: UInt64
    ) {
      let rectifies = arguments.pointee.hasReLU
      cnarrow_store_packed_halves(
        cnarrow_as_bf16(rectifies ? cnarrow_rectified(sums.first.lanes) : sums.first.lanes),
        cnarrow_as_bf16(rectifies ? cnarrow_rectified(sums.second.lanes) : sums.second.lanes),
        output, mask)
    }
  }
#endif
