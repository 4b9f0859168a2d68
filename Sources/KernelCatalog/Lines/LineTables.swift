// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of a prepared convolution by lines, and the memory that they point to.
final class LineTables {
  /// What the kernel reads.
  let arguments: UnsafePointer<LineArguments>
  private let memory: UnsafeMutablePointer<LineArguments>
  private let lines: PlainTable<OutputLine>
  private let planes: PlainTable<LinePlane>
  private let segments: PlainTable<LineSegment>
  private let chunks: PlainTable<TapChunk>
  private let constants: LineConstants
  private let sums: Activation?
  /// Where the packed weights and the biases lie.
  var filterMemory: UnsafeRawBufferPointer { constants.memory }

  /// Packs the weights and lays out the tables.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ operation: ConvolutionOperation, _ weights: Weights, _ geometry: LineGeometry,
    _ tiling: LineTiling, input: Activation, output: AlignedBuffer.Address,
    sums: Activation? = nil
  ) throws(MemoryError) {
    let constants = try LineConstants(operation, weights, geometry, tiling)
    (self.constants, self.sums) = (constants, sums)
    planes = PlainTable(Self.planes(geometry, constants, sums))
    lines = PlainTable(
      geometry.lines.map {
        OutputLine(
          input: $0.input, output: $0.output,
          weights: $0.taps.lowerBound * constants.acrossBytes, taps: $0.taps.count)
      })
    segments = PlainTable(tiling.segments)
    chunks = PlainTable(tiling.chunks)
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: LineArguments(
        input: input.pointer, weights: constants.weights, bias: constants.bias,
        output: output, lines: lines.pointer, planes: planes.pointer,
        segments: segments.pointer, chunks: chunks.pointer))
    arguments = UnsafePointer(memory)
    setCounts(operation, geometry, tiling)
  }

  deinit { memory.deallocate() }

  /// The planes, and where their weights, biases and sums lie.
  private static func planes(
    _ geometry: LineGeometry, _ constants: LineConstants, _ sums: Activation?
  ) -> [LinePlane] {
    geometry.planes.enumerated().map { index, plane in
      var plane = plane
      plane.weights = index * constants.planeBytes
      plane.bias = index * constants.biasBytes
      if let sums {
        plane.sums = sums.bytes(image: 0, channel: geometry.firstChannels[index], row: 0)
      }
      return plane
    }
  }

  /// Counts and distances.
  private func setCounts(
    _ operation: ConvolutionOperation, _ geometry: LineGeometry, _ tiling: LineTiling
  ) {
    memory.pointee.lineCount = lines.count
    memory.pointee.segmentCount = segments.count
    memory.pointee.planeCount = planes.count
    memory.pointee.planeTasks = geometry.planeTasks
    memory.pointee.linesPerBlock = Self.linesPerBlock(tiling)
    memory.pointee.hasReLU = operation.epilogue.hasReLU
    memory.pointee.inputStep = tiling.inputStep
    memory.pointee.outputStep = tiling.outputStep
    memory.pointee.inputAcross = geometry.acrossPitch
    memory.pointee.weightsAcross = constants.acrossBytes
    memory.pointee.inputImage = geometry.imagePitch.input
    memory.pointee.outputImage = geometry.imagePitch.output
    memory.pointee.sums = sums.map { sums in
      LineSums(
        sums: UnsafeMutableRawPointer(sums.pointer),
        image: sums.bytes(image: 1, channel: 0, row: 0),
        line: sums.bytes(image: 0, channel: 0, row: 1), outputs: geometry.along.outputs,
        output: geometry.along.outputPitch)
    }
  }

  /// Cuts planes into parts of `linesPerTask` lines; the number of tasks for `images` images.
  func divide(linesPerTask: Int, planesInnermost: Bool, images: Int) -> Int {
    memory.pointee.linesPerTask = linesPerTask
    memory.pointee.partCount = (lines.count + linesPerTask - 1) / linesPerTask
    memory.pointee.planesInnermost = planesInnermost
    return images * memory.pointee.planeTasks * memory.pointee.partCount
  }

  /// Has inputs and outputs asked for some whole lines before they are read and written, 6 KiB of
  /// inputs or more.
  ///
  /// Depthwise 3×3 on 192 channels of 75×75 so takes 0.55 of the time (Zen 3; in a run each, with 2, 4
  /// and 8 KB 0.67, 0.60 and 0.60, where 256 channels of 28×28 took 0.96, 0.94 and 0.95). Lines of less
  /// than 24 vectors come as fast without, and asking costs 1.11 to 1.18 times the time: 960 and 2048
  /// channels of 14×14, 4096 of 7×7. In NHWC 3×3 gained up to 17 %, 7×7 and dilated 3×3 lost 5 and 14 %:
  /// not used there.
  func prefetch(_ geometry: LineGeometry, stride: Int) {
    let inputs = stride * geometry.acrossPitch
    guard geometry.lines.count > 1, inputs >= 24 * geometry.lanes * ElementType.f32.bytes
    else { return }
    let count = (6 << 10) / inputs + 1
    memory.pointee.inputAhead = (count - 1) * inputs
    memory.pointee.outputAhead = count * (geometry.lines[1].output - geometry.lines[0].output)
  }

  /// So many lines that starting a segment costs little, and no more: the tiles of a line follow
  /// each other in memory, which suits prefetching where planes exceed the near caches.
  private static func linesPerBlock(_ tiling: LineTiling) -> Int {
    let tiles = tiling.segments.reduce(0) { $0 + $1.tiles }
    return max(1, 16 / tiles)
  }
}

extension Activation {
  /// Bytes from the first element to the first of a row.
  fileprivate func bytes(image: Int, channel: Int, row: Int) -> Int {
    index(image: image, channel: channel, row: row, column: 0) * ElementType.f32.bytes
  }
}
