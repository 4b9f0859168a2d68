// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The arguments of a prepared depthwise convolution, and the memory that they point to.
final class DepthwiseTables {
  /// What the kernel reads.
  let arguments: UnsafePointer<DepthwiseArguments>
  private let memory: UnsafeMutablePointer<DepthwiseArguments>
  private let lines: PlainTable<DepthwiseLine>
  private let planes: PlainTable<DepthwisePlane>
  private let segments: PlainTable<DepthwiseSegment>
  private let chunks: PlainTable<DepthwiseChunk>
  private let constants: AlignedBuffer
  /// Where the packed filter and the biases lie.
  var filterMemory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(constants.floats) }

  /// Packs the weights and lays out the tables.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ operation: ConvolutionOperation, _ weights: Weights, _ geometry: DepthwiseGeometry,
    _ tiling: DepthwiseTiling, input: Activation, output: Activation
  ) throws(MemoryError) {
    let vector = geometry.lanes * MemoryLayout<Float>.stride
    let taps = operation.problem.kernel.area
    constants = try Self.pack(operation, weights, geometry)
    planes = PlainTable(
      geometry.planes.enumerated().map { index, plane in
        var plane = plane
        plane.weights = index * taps * vector
        plane.bias = index * vector
        return plane
      })
    lines = PlainTable(Self.lines(geometry, weightBytes: vector))
    segments = PlainTable(tiling.segments)
    chunks = PlainTable(tiling.chunks)
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: DepthwiseArguments(
        input: input.pointer, weights: constants.pointer,
        bias: constants.pointer + planes.count * taps * geometry.lanes, output: output.pointer,
        lines: lines.pointer, planes: planes.pointer, segments: segments.pointer,
        chunks: chunks.pointer))
    arguments = UnsafePointer(memory)
    memory.pointee.lineCount = lines.count
    memory.pointee.segmentCount = segments.count
    memory.pointee.planeCount = planes.count
    memory.pointee.hasReLU = operation.epilogue.hasReLU
    memory.pointee.inputStep = tiling.inputStep
    memory.pointee.outputStep = tiling.outputStep
    memory.pointee.inputAcross = geometry.across.dilation * geometry.across.inputPitch
    memory.pointee.weightsAcross = geometry.along.taps * vector
    memory.pointee.inputImage = geometry.imagePitch.input
    memory.pointee.outputImage = geometry.imagePitch.output
  }

  deinit { memory.deallocate() }

  /// Cuts planes into parts of `linesPerTask` lines; the number of tasks for `images` images.
  func divide(linesPerTask: Int, planesInnermost: Bool, images: Int) -> Int {
    memory.pointee.linesPerTask = linesPerTask
    memory.pointee.partCount = (lines.count + linesPerTask - 1) / linesPerTask
    memory.pointee.planesInnermost = planesInnermost
    return images * planes.count * memory.pointee.partCount
  }

  /// Weights `[plane][Kh][Kw][lanes]`, then biases `[plane][lanes]`; zero beyond the last channel.
  private static func pack(
    _ operation: ConvolutionOperation, _ weights: Weights, _ geometry: DepthwiseGeometry
  ) throws(MemoryError) -> AlignedBuffer {
    let taps = operation.problem.kernel.area
    let lanes = geometry.lanes
    let filterCount = geometry.firstChannels.count * taps * lanes
    let buffer = try AlignedBuffer(count: filterCount + geometry.firstChannels.count * lanes)
    for (plane, firstChannel) in geometry.firstChannels.enumerated() {
      for lane in 0..<lanes where firstChannel + lane < operation.problem.outChannels {
        let channel = firstChannel + lane
        for tap in 0..<taps {
          buffer.pointer[(plane * taps + tap) * lanes + lane] =
            weights.filter[channel * taps + tap]
        }
        if operation.epilogue.hasBias {
          buffer.pointer[filterCount + plane * lanes + lane] = weights.bias[channel]
        }
      }
    }
    return buffer
  }

  private static func lines(_ geometry: DepthwiseGeometry, weightBytes: Int) -> [DepthwiseLine] {
    let across = geometry.across
    return (0..<across.outputs).map { output in
      let taps = across.tapsInside(output)
      let first = output * across.stride - across.padding + taps.lowerBound * across.dilation
      return DepthwiseLine(
        input: first * across.inputPitch, output: output * across.outputPitch,
        weights: taps.lowerBound * geometry.along.taps * weightBytes, taps: taps.count)
    }
  }
}
