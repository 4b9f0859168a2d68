// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a line kernel gets a vector of inputs and a vector of weights from memory.
protocol LaneSource: SendableMetatype {
  /// The source, as tables are made for it.
  static var source: LineSource { get }
  /// Input channels that one vector in memory holds for each lane.
  static var channels: Int { get }
  /// Bytes from one weight to the next.
  static var weightBytes: Int { get }
  /// The input of each lane in `channel`, which is known when the kernel is compiled.
  static func value(_ input: UnsafeRawPointer, channel: Int) -> Vector
  /// The weight, or the bias, of each lane.
  static func weight(_ weights: UnsafeRawPointer) -> Vector
  /// Whether a vector may be written to `output`, and to all places of the block before it.
  static func mayWrite(_ output: UnsafeMutableRawPointer, _ block: LineBlock) -> Bool
}

extension LaneSource {
  @inline(__always)
  static func mayWrite(_ output: UnsafeMutableRawPointer, _ block: LineBlock) -> Bool { true }
}

/// Lanes are channels, each the input of its own output.
enum OwnChannel: LaneSource {
  @inline(__always) static var source: LineSource { .ownChannel }
  @inline(__always) static var channels: Int { 1 }
  @inline(__always) static var weightBytes: Int { MemoryLayout<Vector>.size }
  @inline(__always) static func value(_ input: UnsafeRawPointer, channel: Int) -> Vector {
    load(input)
  }
  @inline(__always) static func weight(_ weights: UnsafeRawPointer) -> Vector { load(weights) }
}

/// Lanes are output channels of one group, which all see the same input.
enum SharedChannel: LaneSource {
  @inline(__always) static var source: LineSource { .sharedChannel }
  @inline(__always) static var channels: Int { 1 }
  @inline(__always) static var weightBytes: Int { MemoryLayout<Vector>.size }
  @inline(__always) static func value(_ input: UnsafeRawPointer, channel: Int) -> Vector {
    broadcast(input)
  }
  @inline(__always) static func weight(_ weights: UnsafeRawPointer) -> Vector { load(weights) }
}

/// Lanes are channels of several groups of `inputs` input and `outputs` output channels.
enum PermutedChannels<let inputs: Int, let outputs: Int>: LaneSource {
  @inline(__always) static var source: LineSource { .permuted(inputs: inputs, outputs: outputs) }
  @inline(__always) static var channels: Int { inputs }
  @inline(__always) static var weightBytes: Int { MemoryLayout<Vector>.size }
  @inline(__always) static func value(_ input: UnsafeRawPointer, channel: Int) -> Vector {
    permuted(load(input), inputs: inputs, outputs: outputs, channel: channel)
  }
  @inline(__always) static func weight(_ weights: UnsafeRawPointer) -> Vector { load(weights) }
}

/// Lanes are neighbouring pixels; all are multiplied with the same weight.
enum PixelLanes: LaneSource {
  @inline(__always) static var source: LineSource { .pixels }
  @inline(__always) static var channels: Int { 1 }
  @inline(__always) static var weightBytes: Int { MemoryLayout<Float>.size }
  @inline(__always) static func value(_ input: UnsafeRawPointer, channel: Int) -> Vector {
    load(input)
  }
  @inline(__always) static func weight(_ weights: UnsafeRawPointer) -> Vector {
    broadcast(weights)
  }

  /// Rows narrower than a vector are written with what follows them, which the next row then
  /// overwrites; but nothing may follow the last ones.
  @inline(__always)
  static func mayWrite(_ output: UnsafeMutableRawPointer, _ block: LineBlock) -> Bool {
    output + MemoryLayout<Vector>.size <= block.outputEnd
  }
}
