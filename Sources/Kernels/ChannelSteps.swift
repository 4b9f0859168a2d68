// SPDX-License-Identifier: Apache-2.0

/// How a tile steps from one channel to the next; all steps count bytes.
protocol ChannelSteps {
  /// Whether all steps are known when the tile is compiled.
  static var isPacked: Bool { get }
  /// The step through the input.
  static func inputChannel(_ work: UnsafePointer<DirectWork>) -> Int
  /// The step through the filter, which is `packed` where channels follow each other.
  static func filterChannel(_ work: UnsafePointer<DirectWork>, packed: Int) -> Int
}

/// Channels side by side and a packed filter, known when the tile is compiled.
///
/// Steps in variables cost 4×3 tiles half of their speed on runs of 8 channels: the addresses of
/// pixels are then computed anew for each run.
enum PackedSteps: ChannelSteps {
  @inline(__always) static var isPacked: Bool { true }

  @inline(__always)
  static func inputChannel(_ work: UnsafePointer<DirectWork>) -> Int { 4 }

  @inline(__always)
  static func filterChannel(_ work: UnsafePointer<DirectWork>, packed: Int) -> Int { packed }
}

/// Any steps, so that the tile multiplies matrices of any layout.
enum FreeSteps: ChannelSteps {
  @inline(__always) static var isPacked: Bool { false }

  @inline(__always)
  static func inputChannel(_ work: UnsafePointer<DirectWork>) -> Int { work.pointee.inputChannel }

  @inline(__always)
  static func filterChannel(_ work: UnsafePointer<DirectWork>, packed: Int) -> Int {
    work.pointee.filterChannel
  }
}
