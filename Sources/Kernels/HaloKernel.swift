// SPDX-License-Identifier: Apache-2.0

internal import Convolution

#if !KERNELS_BASELINE
  /// Depthwise convolution of small maps, with channels in the lanes.
  ///
  /// A bundle of planes is first copied to memory of the worker's own, between columns of zeros, so that no
  /// step of a tile is checked for the border; taps that meet no input under a tile are left out. A row of
  /// few outputs has too few sums to hide the latency of two FMA pipes: two planes at a time have twice as
  /// many.
  enum HaloKernel {
    /// Executes tasks; the contract of `KernelEntry.Run`.
    static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
      let arguments = context.assumingMemoryBound(to: HaloArguments.self)
      let copy = arguments.pointee.scratch + worker &* arguments.pointee.scratchPerWorker
      var task = first
      while task < end {
        let image = task / arguments.pointee.bundles
        let bundle = HaloBundle(arguments, image: image, task &- image &* arguments.pointee.bundles)
        bundle.copy(arguments, to: copy)
        var tile = arguments.pointee.tiles
        let last = tile + arguments.pointee.tileCount
        while tile < last {
          compute(arguments, bundle, tile, UnsafeRawPointer(copy) + tile.pointee.input)
          tile += 1
        }
        task &+= 1
      }
    }

    /// Computes a tile in every row.
    @inline(__always)
    private static func compute(
      _ arguments: UnsafePointer<HaloArguments>, _ bundle: HaloBundle,
      _ tile: UnsafePointer<HaloTile>, _ input: UnsafeRawPointer
    ) {
      if arguments.pointee.stride == 1 {
        compute(stride: HaloStride<1>.self, arguments, bundle, tile, input)
      } else {
        compute(stride: HaloStride<2>.self, arguments, bundle, tile, input)
      }
    }

    /// The key is two hexadecimal digits: planes, then outputs; `Target.copiedTiles` says the same to planners.
    @inline(__always)
    private static func compute<let stride: Int>(
      stride _: HaloStride<stride>.Type, _ arguments: UnsafePointer<HaloArguments>,
      _ bundle: HaloBundle, _ tile: UnsafePointer<HaloTile>, _ input: UnsafeRawPointer
    ) {
      switch arguments.pointee.planesPerBundle << 4 | tile.pointee.pixels {
      case 0x18: HaloTiles<8, 1, stride>.run(arguments, bundle, tile, input)
      case 0x19: HaloTiles<9, 1, stride>.run(arguments, bundle, tile, input)
      case 0x1a: HaloTiles<10, 1, stride>.run(arguments, bundle, tile, input)
      case 0x1b: HaloTiles<11, 1, stride>.run(arguments, bundle, tile, input)
      case 0x1c: HaloTiles<12, 1, stride>.run(arguments, bundle, tile, input)
      case 0x23: HaloTiles<3, 2, stride>.run(arguments, bundle, tile, input)
      case 0x24: HaloTiles<4, 2, stride>.run(arguments, bundle, tile, input)
      case 0x25: HaloTiles<5, 2, stride>.run(arguments, bundle, tile, input)
      case 0x26: HaloTiles<6, 2, stride>.run(arguments, bundle, tile, input)
      #if KERNELS_AVX512 || KERNELS_NEON
        case 0x1d: HaloTiles<13, 1, stride>.run(arguments, bundle, tile, input)
        case 0x1e: HaloTiles<14, 1, stride>.run(arguments, bundle, tile, input)
        case 0x27: HaloTiles<7, 2, stride>.run(arguments, bundle, tile, input)
      #endif
      default: assertionFailure("a tile that is not compiled")
      }
    }
  }

  /// A stride that the compiler knows.
  enum HaloStride<let stride: Int> {}

  /// Where a task's planes lie.
  struct HaloBundle {
    private let input: UnsafeRawPointer
    private let output: UnsafeMutableRawPointer
    private let planes: UnsafePointer<LinePlane>

    @inline(__always)
    init(_ arguments: UnsafePointer<HaloArguments>, image: Int, _ index: Int) {
      input = arguments.pointee.input + image &* arguments.pointee.inputImage
      output = arguments.pointee.output + image &* arguments.pointee.outputImage
      planes = arguments.pointee.planes + index &* arguments.pointee.planesPerBundle
    }

    /// Bytes to the weights of the first tap.
    @inline(__always) var weights: Int { planes.pointee.weights }
    /// Bytes to the biases.
    @inline(__always) var bias: Int { planes.pointee.bias }

    /// The first output of a plane.
    @inline(__always)
    func output(_ plane: Int) -> UnsafeMutableRawPointer { output + planes[plane].output }

    /// Copies the planes to `target`, whose zeros are already there.
    @inline(never)
    func copy(_ arguments: UnsafePointer<HaloArguments>, to target: UnsafeMutableRawPointer) {
      let count = arguments.pointee.planesPerBundle
      let vector = MemoryLayout<Vector>.size
      let step = arguments.pointee.inputPixel
      var plane = 0
      while plane < count {
        var source = input + planes[plane].input
        var row = target + (arguments.pointee.copyStart &+ plane &* vector)
        var rows = arguments.pointee.inputRows
        while rows > 0 {
          var from = source
          var to = row
          var columns = arguments.pointee.inputColumns
          while columns > 0 {
            store(load(from), to)
            from += step
            to += count &* vector
            columns &-= 1
          }
          source += arguments.pointee.inputRow
          row += arguments.pointee.copyRow
          rows &-= 1
        }
        plane &+= 1
      }
    }
  }

  /// Tiles of `pixels` outputs of each of `planes` planes.
  enum HaloTiles<let pixels: Int, let planes: Int, let stride: Int> {
    /// Computes `tile` in every row; `input` is its first in the copy.
    @inline(never)
    static func run(
      _ arguments: UnsafePointer<HaloArguments>, _ bundle: HaloBundle,
      _ tile: UnsafePointer<HaloTile>, _ input: UnsafeRawPointer
    ) {
      let zeros = InlineArray<planes, Vector>(repeating: Vector())
      let weights = arguments.pointee.weights + (bundle.weights &+ tile.pointee.weights)
      let bias = arguments.pointee.bias + bundle.bias
      let bytes = MemoryLayout<Vector>.size
      var row = arguments.pointee.rows
      let end = row + arguments.pointee.rowCount
      while row < end {
        var sums = InlineArray<pixels, InlineArray<planes, Vector>>(repeating: zeros)
        for pixel in 0..<pixels {
          for plane in 0..<planes {
            sums[unchecked: pixel][unchecked: plane] = load(bias + plane &* bytes)
          }
        }
        var (rowInput, rowWeights) = (input + row.pointee.input, weights + row.pointee.weights)
        var down = row.pointee.taps
        repeat {
          var (place, weight) = (rowInput, rowWeights)
          var along = tile.pointee.taps
          repeat {
            add(place, weight, &sums)
            place += arguments.pointee.tapAlong
            weight += planes &* bytes
            along &-= 1
          } while along > 0
          rowInput += arguments.pointee.tapDown
          rowWeights += arguments.pointee.weightsDown
          down &-= 1
        } while down > 0
        finish(&sums, arguments, bundle, row.pointee.output &+ tile.pointee.output)
        row += 1
      }
    }

    /// Adds the products of a tap.
    @inline(__always)
    private static func add(
      _ input: UnsafeRawPointer, _ weights: UnsafeRawPointer,
      _ sums: inout InlineArray<pixels, InlineArray<planes, Vector>>
    ) {
      let bytes = MemoryLayout<Vector>.size
      var values = InlineArray<planes, Vector>(repeating: Vector())
      for plane in 0..<planes { values[unchecked: plane] = load(weights + plane &* bytes) }
      for pixel in 0..<pixels {
        for plane in 0..<planes {
          sums[unchecked: pixel][unchecked: plane] = multiplyAdd(
            sums[unchecked: pixel][unchecked: plane],
            load(input + (pixel &* stride &* planes &+ plane) &* bytes), values[unchecked: plane])
        }
      }
    }

    /// Finishes the sums and writes them, `offset` bytes from each plane's first output.
    @inline(__always)
    private static func finish(
      _ sums: inout InlineArray<pixels, InlineArray<planes, Vector>>,
      _ arguments: UnsafePointer<HaloArguments>, _ bundle: HaloBundle, _ offset: Int
    ) {
      if arguments.pointee.hasReLU {
        for pixel in 0..<pixels {
          for plane in 0..<planes {
            sums[unchecked: pixel][unchecked: plane] = rectified(
              sums[unchecked: pixel][unchecked: plane])
          }
        }
      }
      let step = arguments.pointee.outputPixel
      for plane in 0..<planes {
        let output = bundle.output(plane) + offset
        for pixel in 0..<pixels {
          store(sums[unchecked: pixel][unchecked: plane], output + pixel &* step)
        }
      }
    }
  }
#endif
