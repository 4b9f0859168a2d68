// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// What a tile asks for while it sums, with each quantum; see `DirectAhead` of the 32-bit floats.
struct NarrowAhead {
  private var place: UnsafeRawPointer
  private let step: Int

  /// What the tile whose share begins at `ahead` asks for: that share or, behind the last one, a line of
  /// the filter that it reads anyway.
  @inline(__always)
  init(
    _ work: UnsafePointer<NarrowWork>, _ ahead: UnsafeRawPointer, _ filter: UnsafeRawPointer
  ) {
    let isWanted = ahead < work.pointee.aheadEnd
    place = isWanted ? ahead : filter
    step = isWanted ? work.pointee.aheadStep : 0
  }

  /// Asks for what belongs to the next quantum.
  @inline(__always)
  mutating func ask() {
    cvector_prefetch(place)
    place += step
  }
}
