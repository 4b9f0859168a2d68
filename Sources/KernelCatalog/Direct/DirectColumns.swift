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

  /// Appends the sweeps of `columns` with tiles of at most `pixels` pixels of nearly equal size, of which those
  /// of at most `edgePixels` sum taps that their first or last pixel has not with the others.
  ///
  /// With `bordersApart`, outputs of which a column of taps lies outside the image have tiles of their own, of
  /// one sweep each. Where a sum is as short as in first layers that costs less than sweeps that wait for
  /// each other's sums; where the filter exceeds level 1 it would be read for a pixel.
  /// - Returns: the part of a row that they compute.
  mutating func append(
    _ columns: Range<Int>, pixels: Int, edgePixels: Int, bordersApart: Bool = false
  ) -> DirectSegment {
    let start = sweeps.count
    for part in bordersApart ? partsOfSameTaps(columns) : [columns] {
      let count = (part.count + pixels - 1) / pixels
      var first = part.lowerBound
      for tile in 0..<count {
        let left = part.upperBound - first
        let size = (left + count - tile - 1) / (count - tile)
        append(
          tile: first..<first + size, isFirst: sweeps.count == start, edgePixels: edgePixels)
        first += size
      }
    }
    return DirectSegment(columns, sweeps: DirectRange(start..<sweeps.count))
  }

  /// Cuts `columns` where others of their taps lie inside the image.
  private func partsOfSameTaps(_ columns: Range<Int>) -> [Range<Int>] {
    var found: [(columns: Range<Int>, taps: Range<Int>)] = []
    for column in columns {
      let taps = parts(of: column..<column + 1).first?.taps ?? 0..<0
      if let last = found.last, last.taps == taps {
        found[found.count - 1].columns = last.columns.lowerBound..<column + 1
      } else {
        found.append((column..<column + 1, taps))
      }
    }
    return found.map { $0.columns }
  }

  private mutating func append(tile: Range<Int>, isFirst: Bool, edgePixels: Int) {
    let parts = parts(of: tile)
    if parts.count == 1, parts[0].pixels == tile {
      let whole = sweep(tile, parts[0].taps, clears: true, finishes: true)
      if !isFirst, let last = sweeps.last, last.clears, last.finishes,
        last.before + last.after == 0, last.pixels == whole.pixels, last.firstTap == whole.firstTap,
        last.taps == whole.taps
      {
        sweeps[sweeps.count - 1].tiles += 1
      } else {
        sweeps.append(whole)
      }
      return
    }
    let inner = tile.count <= edgePixels ? inner(parts, of: tile) : nil
    // Narrow parts first: the last one covers the tile, if any does, and can apply the ReLU.
    let apart = parts.filter { part in
      guard let inner else { return true }
      return !inner.taps.contains(part.taps.lowerBound)
    }.sorted { $0.pixels.count < $1.pixels.count }
    let isAlone = inner != nil && apart.isEmpty
    if !isAlone { sweeps.append(sweep(tile, 0..<0, clears: true, finishes: false)) }
    for part in apart { sweeps.append(sweep(part.pixels, part.taps)) }
    if let inner {
      var last = sweep(tile, inner.taps, clears: isAlone, finishes: true)
      (last.before, last.after) = (inner.before, inner.after)
      sweeps.append(last)
    } else if let last = apart.last, last.pixels == tile {
      sweeps[sweeps.count - 1].finishes = true
    } else {
      sweeps.append(sweep(tile, 0..<0, clears: false, finishes: true))
    }
  }

  /// The columns of taps that all pixels of a tile have, with those beside them that only its first or its
  /// last pixel has not; nil where there are none.
  private func inner(
    _ parts: [(pixels: Range<Int>, taps: Range<Int>)], of tile: Range<Int>
  ) -> (taps: Range<Int>, before: Int, after: Int)? {
    guard tile.count > 1 else { return nil }
    let found = parts.filter { $0.pixels.count >= tile.count - 1 }
    guard let first = found.first, let last = found.last else { return nil }
    let taps = first.taps.lowerBound..<last.taps.upperBound
    // Where columns of the kernel are far apart, narrower ones may lie between.
    guard found.reduce(0, { $0 + $1.taps.count }) == taps.count else { return nil }
    let before = found.filter { $0.pixels.lowerBound > tile.lowerBound }
    let after = found.filter { $0.pixels.upperBound < tile.upperBound }
    return (
      taps, before.reduce(0) { $0 + $1.taps.count }, after.reduce(0) { $0 + $1.taps.count }
    )
  }

  /// The columns of taps, grouped by the pixels of the tile for which they fall inside the image.
  private func parts(of tile: Range<Int>) -> [(pixels: Range<Int>, taps: Range<Int>)] {
    if geometry.copies { return [(tile, 0..<geometry.problem.kernel.width)] }
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
