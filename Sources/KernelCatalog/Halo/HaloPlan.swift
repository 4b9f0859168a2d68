// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A depthwise convolution cut for the kernel that copies planes between columns of zeros.
struct HaloPlan {
  /// Where planes lie in the tensors.
  let geometry: LineGeometry
  /// Planes that are computed at a time.
  let planesPerBundle: Int
  /// The outputs of each tile of a row, and the taps along that meet the image under any of them.
  let tiles: [(outputs: Range<Int>, taps: Range<Int>)]
  private let problem: ConvolutionProblem
  private let instructionSet: InstructionSet

  /// The plan; nil where a row is shorter than the kernel's tiles, or an output meets no input.
  init?(
    _ problem: ConvolutionProblem, _ geometry: LineGeometry, planes: Int,
    _ instructionSet: InstructionSet
  ) {
    // Alone, the last plane would share outputs with another task.
    guard planes > 1 || !geometry.lastPlaneOverlaps else { return nil }
    let sizes = (planes == 1 ? 8 : 3)...instructionSet.target.copiedTiles[planes]
    guard let cut = Self.cut(problem.output.width, into: sizes) else { return nil }
    tiles = cut.map { outputs in
      let taps = outputs.map { geometry.along.tapsInside($0) }.filter { !$0.isEmpty }
      let first = taps.map { $0.lowerBound }.min() ?? 0
      return (outputs, first..<(taps.map { $0.upperBound }.max() ?? first))
    }
    guard tiles.allSatisfy({ !$0.taps.isEmpty }),
      geometry.lines.allSatisfy({ !$0.taps.isEmpty })
    else { return nil }
    self.problem = problem
    self.geometry = geometry
    self.instructionSet = instructionSet
    planesPerBundle = planes
  }

  /// Cuts `outputs` into tiles of nearly equal size; nil where there are too few for a single one.
  ///
  /// The last tile overlaps the one before it where it would be too short.
  private static func cut(_ outputs: Int, into sizes: ClosedRange<Int>) -> [Range<Int>]? {
    guard outputs >= sizes.lowerBound else { return nil }
    let count = (outputs + sizes.upperBound - 1) / sizes.upperBound
    var tiles: [Range<Int>] = []
    for tile in 0..<count {
      let start = tiles.last?.upperBound ?? 0
      let size = max(sizes.lowerBound, (outputs - start + count - tile - 1) / (count - tile))
      let first = min(start, outputs - size)
      tiles.append(first..<first + size)
    }
    return tiles
  }

  /// The planes of each bundle; where they do not come out even, the first one is there twice.
  var bundles: [[Int]] {
    let planes = Array(geometry.planes.indices)
    let odd = planes.count % planesPerBundle
    let first = odd == 0 ? [] : [Array(repeating: 0, count: planesPerBundle)]
    return first
      + stride(from: odd, to: planes.count, by: planesPerBundle).map {
        Array(planes[$0..<$0 + planesPerBundle])
      }
  }

  /// Bytes of a pixel of the copy: one vector for each plane.
  private var pixelBytes: Int { planesPerBundle * geometry.lanes * ElementType.f32.bytes }

  /// Bytes of a row of the copy.
  private var copyRow: Int {
    let lastTap = (problem.kernel.width - 1) * problem.dilation.width
    let read = (problem.output.width - 1) * problem.stride.width + lastTap + 1
    return max(read, problem.padding.left + problem.input.width) * pixelBytes
  }

  /// Bytes of the copy.
  private var copyBytes: Int { copyRow * problem.input.height }

  /// The tile, as results name it.
  var implementation: String {
    let sizes = tiles.map { "\($0.outputs.count)" }.joined(separator: " + ")
    return "\(sizes) outputs of \(planesPerBundle == 1 ? "a plane" : "two planes") at a time"
  }
}

extension HaloPlan {
  /// Clock cycles of one worker for its share.
  func cycles(workers: Int) -> Double {
    let tasks = problem.batch * bundles.count
    let share = (tasks + workers - 1) / workers
    let moving = TileModel(instructionSet).cyclesToMove(
      problem, .current, perLine: TileModel.cyclesPerLineOfRows)
    return max(Double(share) * cyclesPerBundle, moving / Double(workers))
  }

  private var cyclesPerBundle: Double {
    let units = LineUnits(instructionSet)
    let tapRows = geometry.lines.reduce(0) { $0 + $1.taps.count }
    let isNear = copyBytes + problem.kernel.area * pixelBytes <= CacheSizes.current.level1
    var cycles = Self.cyclesPerCopy * Double(problem.input.area * planesPerBundle)
    for tile in tiles {
      let (outputs, taps) = (tile.outputs.count, tile.taps.count)
      let perTap = units.cycles(
        pixels: outputs * planesPerBundle, taps: 1, steps: 0, checks: 0, isPermuted: false,
        isOwn: true)
      let vectors = planesPerBundle * ((outputs - 1) * problem.stride.width + 2 * taps)
      let fetching = isNear ? 0 : Self.cyclesPerNearVector * Double(vectors)
      cycles += Double(tapRows) * (Double(taps) * perTap + Self.cyclesPerTapRow + fetching)
      cycles += Double(geometry.lines.count) * Self.cyclesPerTile
    }
    return cycles
  }

  /// Cycles to copy a vector, to start a tile and write it, to go from one row of taps to the next, and for
  /// each vector of inputs and weights that level 1 does not hold: 44 problems of 5×5 to 13×13 on maps of
  /// 7×7 to 35×35, on Zen 5.
  private static let cyclesPerCopy = 3.0, cyclesPerTile = 12.0, cyclesPerTapRow = 3.0
  private static let cyclesPerNearVector = 0.7

  /// Packs the weights and lays out the tables.
  /// - Throws: `MemoryError` where the system has not enough memory.
  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    let float = ElementType.f32.bytes
    let bundles = bundles
    let vectors = problem.kernel.area + 1
    let constants = try AlignedBuffer(bytes: bundles.count * vectors * pixelBytes)
    pack(operation, weights, bundles, to: constants.pointer)
    let page = AlignedBuffer.alignment
    let perWorker = (copyBytes + page - 1) / page * page + page
    let scratch = try AlignedBuffer(bytes: perWorker * workers)
    let planes = PlainTable(planes(bundles))
    let rows = PlainTable(rows)
    let tiles = PlainTable(tileTable)
    var arguments = HaloArguments(
      input: UnsafeRawPointer(input.pointer), weights: UnsafeRawPointer(constants.pointer),
      bias: UnsafeRawPointer(constants.pointer),
      output: UnsafeMutableRawPointer(output.pointer), planes: planes.pointer, rows: rows.pointer,
      tiles: tiles.pointer, scratch: UnsafeMutableRawPointer(scratch.pointer))
    setSteps(&arguments, hasReLU: operation.epilogue.hasReLU)
    arguments.scratchPerWorker = perWorker
    (arguments.bundles, arguments.rowCount, arguments.tileCount) = (
      bundles.count, rows.count, tiles.count
    )
    let box = ArgumentBox(arguments, keeping: [constants, scratch, planes, rows, tiles])
    guard let run = instructionSet.kernels.halo else {
      preconditionFailure("prepared without support")
    }
    return PreparedOperation(
      phases: [
        Phase(
          name: "kernel", tasks: problem.batch * bundles.count, context: box.context, run: run)
      ],
      scratchBytes: scratch.bytes, implementation: implementation,
      filterMemory: [
        UnsafeRawBufferPointer(start: constants.pointer, count: constants.count * float)
      ],
      owner: box)
  }

  private func setSteps(_ arguments: inout HaloArguments, hasReLU: Bool) {
    let axis = geometry.along
    arguments.planesPerBundle = planesPerBundle
    (arguments.inputRows, arguments.inputColumns) = (problem.input.height, problem.input.width)
    arguments.inputPixel = axis.inputPitch
    arguments.inputRow = axis.inputPitch * problem.input.width
    arguments.inputImage = geometry.imagePitch.input
    arguments.copyRow = copyRow
    arguments.copyStart = problem.padding.left * pixelBytes
    arguments.tapAlong = problem.dilation.width * pixelBytes
    arguments.tapDown = problem.dilation.height * copyRow
    arguments.weightsDown = problem.kernel.width * pixelBytes
    arguments.outputPixel = axis.outputPitch
    arguments.outputImage = geometry.imagePitch.output
    arguments.stride = problem.stride.width
    arguments.hasReLU = hasReLU
  }

  /// The planes of all bundles; biases stand behind the weights of each bundle.
  private func planes(_ bundles: [[Int]]) -> [LinePlane] {
    bundles.enumerated().flatMap { index, bundle in
      bundle.map { plane in
        var entry = geometry.planes[plane]
        entry.weights = index * (problem.kernel.area + 1) * pixelBytes
        entry.bias = entry.weights + problem.kernel.area * pixelBytes
        return entry
      }
    }
  }

  private var rows: [OutputLine] {
    geometry.lines.enumerated().map { row, line in
      let taps = line.taps
      let first =
        row * problem.stride.height - problem.padding.top
        + taps.lowerBound * problem.dilation.height
      return OutputLine(
        input: first * copyRow, output: line.output,
        weights: taps.lowerBound * problem.kernel.width * pixelBytes, taps: taps.count)
    }
  }

  private var tileTable: [HaloTile] {
    tiles.map { tile in
      let (outputs, taps) = tile
      let column =
        outputs.lowerBound * problem.stride.width + taps.lowerBound * problem.dilation.width
      return HaloTile(
        input: column * pixelBytes, output: outputs.lowerBound * geometry.along.outputPitch,
        weights: taps.lowerBound * pixelBytes, taps: taps.count, pixels: outputs.count)
    }
  }

  /// Weights `[bundle][taps][planes][lanes]`, behind those of each bundle its biases.
  private func pack(
    _ operation: ConvolutionOperation, _ weights: Weights, _ bundles: [[Int]],
    to target: AlignedBuffer.Address
  ) {
    let (lanes, area) = (geometry.lanes, problem.kernel.area)
    var place = target
    for bundle in bundles {
      for tap in 0...area {
        for plane in bundle {
          let first = geometry.firstChannels[plane]
          for lane in 0..<lanes where first + lane < problem.outChannels {
            if tap < area {
              place[lane] = weights.filter[(first + lane) * area + tap]
            } else if operation.epilogue.hasBias {
              place[lane] = weights.bias[first + lane]
            }
          }
          place += lanes
        }
      }
    }
  }
}
