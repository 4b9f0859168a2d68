// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Weights and biases in the order in which a line kernel reads them.
///
/// - Shapes: weights `[plane][taps across][channel vectors][taps along][channels][lanes]`, where the
///   taps along and the channels of a chunk change places: `[chunk][channels][taps of the chunk]`.
///   Biases `[plane][lanes]`. Zero beyond the last channel.
struct LineConstants {
  /// Bytes from the weights of one plane to the next.
  let planeBytes: Int
  /// Bytes from the weights of one tap across to the next.
  let acrossBytes: Int
  /// Bytes from the bias of one plane to the next.
  let biasBytes: Int
  private let buffer: AlignedBuffer
  private let weightCount: Int

  /// Packs the weights of `operation`.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ operation: ConvolutionOperation, _ weights: Weights, _ geometry: LineGeometry,
    _ tiling: LineTiling
  ) throws(MemoryError) {
    let lanes = geometry.weightLanes
    let vector = lanes * ElementType.f32.bytes
    let perAcross =
      geometry.channelOffsets.count * geometry.channelsPerVector * geometry.along.taps
    acrossBytes = perAcross * vector
    planeBytes = geometry.tapsAcross * acrossBytes
    biasBytes = vector
    weightCount = geometry.planes.count * geometry.tapsAcross * perAcross * lanes
    buffer = try AlignedBuffer(count: weightCount + geometry.planes.count * lanes)
    let perPlane = geometry.tapsAcross * perAcross * lanes
    for (plane, first) in geometry.firstChannels.enumerated() {
      for lane in 0..<lanes where first + lane < operation.problem.outChannels {
        pack(
          weights, geometry, tiling, channel: first + lane, lane: lane,
          to: buffer.pointer + plane * perPlane + lane)
        if operation.epilogue.hasBias {
          buffer.pointer[weightCount + plane * lanes + lane] = weights.bias[first + lane]
        }
      }
    }
  }

  /// The first plane's weights.
  var weights: UnsafeRawPointer { UnsafeRawPointer(buffer.pointer) }
  /// The first plane's biases.
  var bias: UnsafeRawPointer { UnsafeRawPointer(buffer.pointer + weightCount) }

  /// Where weights and biases lie.
  var memory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(buffer.floats) }

  /// Packs one output channel's weights into its lane.
  private func pack(
    _ weights: Weights, _ geometry: LineGeometry, _ tiling: LineTiling, channel: Int, lane: Int,
    to target: AlignedBuffer.Address
  ) {
    let steps = geometry.filterSteps
    let perVector = geometry.channelsPerVector
    let vectors = geometry.channelOffsets.count
    for input in 0..<vectors * perVector {
      let source = geometry.source.inputChannel(input, ofLane: lane)
      for across in 0..<geometry.tapsAcross {
        let row = across * vectors + input / perVector
        for tap in 0..<geometry.along.taps {
          let chunk = tiling.chunk(ofTap: tap)
          let position =
            (row * geometry.along.taps + chunk.first) * perVector
            + input % perVector * chunk.count + tap - chunk.first
          target[position * geometry.weightLanes] =
            weights.filter[
              channel * steps.output + source * steps.input + across * steps.across
                + tap * steps.along]
        }
      }
    }
  }
}
