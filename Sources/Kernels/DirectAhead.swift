// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// What a tile asks for while it sums: a cache line, or a part of one, for each channel.
///
/// Many at once, at the start of a tile, fill the buffers for misses, and the tile's own loads wait for them.
struct DirectAhead {
  private var place: UnsafeRawPointer
  private let step: Int

  /// What the tile whose share begins at `ahead` asks for: that share or, behind the last one, a line of
  /// the filter that it reads anyway.
  @inline(__always)
  init(
    _ work: UnsafePointer<DirectWork>, _ ahead: UnsafeRawPointer, _ filter: UnsafeRawPointer
  ) {
    let isWanted = ahead < work.pointee.aheadEnd
    place = isWanted ? ahead : filter
    step = isWanted ? work.pointee.aheadStep : 0
  }

  /// Asks for what belongs to the next channel.
  @inline(__always)
  mutating func ask() {
    cvector_prefetch(place)
    place += step
  }

  /// Asks for a whole share before its tile sums, for tiles with steps in variables: these would keep sums on
  /// the stack if they asked with each channel.
  @inline(__always)
  static func askAtOnce(_ work: UnsafePointer<DirectWork>, _ ahead: UnsafeRawPointer) {
    var place = ahead
    let end = min(ahead + work.pointee.aheadTile, work.pointee.aheadEnd)
    while place < end {
      cvector_prefetch(place)
      place += 64
    }
  }
}
