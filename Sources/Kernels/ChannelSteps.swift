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

/// Which pixels of a tile have a tap.
protocol PixelRange {
  /// The first one.
  static var first: Int { get }
  /// How many there are behind the last one.
  static var left: Int { get }
}

/// All pixels.
enum AllPixels: PixelRange {
  @inline(__always) static var first: Int { 0 }
  @inline(__always) static var left: Int { 0 }
}

/// All but the first, whose tap lies before its row.
enum ButFirst: PixelRange {
  @inline(__always) static var first: Int { 1 }
  @inline(__always) static var left: Int { 0 }
}

/// All but the last, whose tap lies behind its row.
enum ButLast: PixelRange {
  @inline(__always) static var first: Int { 0 }
  @inline(__always) static var left: Int { 1 }
}
