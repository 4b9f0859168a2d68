// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Cuts a range of output columns into tiles, and tiles at the image's edge into sweeps whose taps
/// all fall inside, so that no tap in the padding is ever computed.
struct DirectColumns {
  private let geometry: DirectGeometry
  /// The sweeps so far.
  private(set) var sweeps: [DirectSweep] = []
  /// The columns of taps that sweeps sum, each once; a sweep's class is the place here, and 0 is none.
  private(set) var taps: [Range<Int>] = [0..<0]

  init(_ geometry: DirectGeometry) { self.geometry = geometry }

  /// Appends the sweeps of `columns` with tiles of at most `pixels` pixels of nearly equal size.
  /// - Returns: the part of a row that they compute.
  mutating func append(_ columns: Range<Int>, pixels: Int) -> DirectSegment {
    let start = sweeps.count
    let count = (columns.count + pixels - 1) / pixels
    var first = columns.lowerBound
    for tile in 0..<count {
      let left = columns.upperBound - first
      let size = (left + count - tile - 1) / (count - tile)
      append(tile: first..<first + size, isFirst: tile == 0)
      first += size
    }
    return DirectSegment(columns, sweeps: DirectRange(start..<sweeps.count))
  }

  private mutating func append(tile: Range<Int>, isFirst: Bool) {
    let parts = parts(of: tile)
    if parts.count == 1, parts[0].pixels == tile {
      let whole = sweep(tile, parts[0].taps, clears: true, finishes: true)
      if !isFirst, let last = sweeps.last, last.clears, last.finishes,
        last.pixels == whole.pixels, last.firstTap == whole.firstTap, last.taps == whole.taps
      {
        sweeps[sweeps.count - 1].tiles += 1
      } else {
        sweeps.append(whole)
      }
      return
    }
    sweeps.append(sweep(tile, 0..<0, clears: true, finishes: false))
    // Narrow parts first: the last one covers the tile, if any does, and can apply the ReLU.
    let ordered = parts.sorted { $0.pixels.count < $1.pixels.count }
    for part in ordered { sweeps.append(sweep(part.pixels, part.taps)) }
    if let last = ordered.last, last.pixels == tile {
      sweeps[sweeps.count - 1].finishes = true
    } else {
      sweeps.append(sweep(tile, 0..<0, clears: false, finishes: true))
    }
  }

  /// The columns of taps, grouped by the pixels of the tile for which they fall inside the image.
  private func parts(of tile: Range<Int>) -> [(pixels: Range<Int>, taps: Range<Int>)] {
    var parts: [(pixels: Range<Int>, taps: Range<Int>)] = []
    let problem = geometry.problem
    for tap in 0..<problem.kernel.width {
      let offset = tap * problem.dilation.width - problem.padding.left
      let step = problem.stride.width
      // Inside means 0 ≤ column·step + offset < width.
      let first = offset >= 0 ? 0 : (step - 1 - offset) / step
      let end = geometry.input.width <= offset ? 0 : (geometry.input.width - offset - 1) / step + 1
      let lower = max(first, tile.lowerBound)
      let upper = min(end, tile.upperBound)
      guard lower < upper else { continue }
      if let last = parts.last, last.pixels == lower..<upper, last.taps.upperBound == tap {
        parts[parts.count - 1].taps = last.taps.lowerBound..<tap + 1
      } else {
        parts.append((lower..<upper, tap..<tap + 1))
      }
    }
    return parts
  }

  private mutating func sweep(
    _ pixels: Range<Int>, _ taps: Range<Int>, clears: Bool = false, finishes: Bool = false
  ) -> DirectSweep {
    let problem = geometry.problem
    let column =
      pixels.lowerBound * problem.stride.width + taps.lowerBound * problem.dilation.width
      - problem.padding.left
    var sweep = DirectSweep(
      input: taps.isEmpty ? 0 : column * geometry.inputColumn,
      firstPixel: pixels.lowerBound, pixels: pixels.count, tiles: 1, firstTap: taps.lowerBound,
      taps: taps.count, clears: clears, finishes: finishes)
    sweep.tapClass = self.taps.place(of: taps)
    return sweep
  }
}

extension [Range<Int>] {
  /// Where taps stand, appended if they do not; empty ones are the first.
  mutating func place(of taps: Range<Int>) -> Int {
    if taps.isEmpty { return 0 }
    if let place = firstIndex(of: taps) { return place }
    append(taps)
    return count - 1
  }
}
