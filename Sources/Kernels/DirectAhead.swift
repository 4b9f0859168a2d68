// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// What a tile asks for while it sums: a cache line, or a part of one, for each channel, or quantum of channels.
///
/// Many at once, at the start of a tile, fill the buffers for misses, and the tile's own loads wait for them.
struct DirectAhead {
  private var place: UnsafeRawPointer
  private let step: Int

  /// What the tile whose share begins at `ahead` asks for, `step` bytes each time: that share or, from `end`
  /// on, a line of the filter that it reads anyway.
  @inline(__always)
  init(
    _ ahead: UnsafeRawPointer, before end: UnsafeRawPointer, step: Int,
    else filter: UnsafeRawPointer
  ) {
    let isWanted = ahead < end
    place = isWanted ? ahead : filter
    self.step = isWanted ? step : 0
  }

  /// Asks for what belongs to the next channel or quantum.
  @inline(__always)
  mutating func ask() {
    cvector_prefetch(place)
    place += step
  }

  /// Asks for a whole share of `bytes` bytes before its tile sums, for tiles with steps in variables: these
  /// would keep sums on the stack if they asked with each channel.
  @inline(__always)
  static func askAtOnce(_ ahead: UnsafeRawPointer, bytes: Int, before end: UnsafeRawPointer) {
    var place = ahead
    let end = min(ahead + bytes, end)
    while place < end {
      cvector_prefetch(place)
      place += 64
    }
  }
}
