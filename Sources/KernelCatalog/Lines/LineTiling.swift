// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a line of outputs is cut into the tiles of one microkernel, and what that costs.
struct LineTiling {
  /// The microkernel.
  let entry: LineEntry
  /// Bytes from an input to its neighbour along the line, as the kernel steps.
  let inputStep: Int
  /// Bytes from an output to its neighbour of the same tile.
  let outputStep: Int
  /// The segments of a line.
  private(set) var segments: [LineSegment] = []
  /// The chunks they refer to.
  private(set) var chunks: [TapChunk] = []
  /// Estimated cycles for one line and one tap across.
  private(set) var cycles = 0.0

  private let geometry: LineGeometry
  private let units: LineUnits

  /// The tiling of `geometry` for `entry` with the least cycles; nil where the microkernel does not fit
  /// the problem.
  init?(_ entry: LineEntry, _ geometry: LineGeometry) {
    let tilings = (entry.form.taps == 1 ? [false, true] : [false]).compactMap {
      LineTiling(entry, geometry, cutsAtBorders: $0)
    }
    guard let best = tilings.min(by: { $0.cycles < $1.cycles }) else { return nil }
    self = best
  }

  /// The tiling, nil where the microkernel does not fit the problem.
  ///
  /// With `cutsAtBorders` no tile has outputs of which a tap reads inside the image for some and outside
  /// for others: such tiles check each step.
  private init?(_ entry: LineEntry, _ geometry: LineGeometry, cutsAtBorders: Bool) {
    self.entry = entry
    self.geometry = geometry
    units = LineUnits(entry.instructionSet)
    let axis = geometry.along
    let reuses = entry.form.taps > 1
    inputStep = axis.inputPitch * (reuses ? axis.dilation : axis.stride)
    outputStep = axis.outputPitch * (reuses ? axis.dilation : 1)
    guard entry.fits(geometry) else { return nil }
    let phases = reuses ? min(axis.dilation, axis.outputs) : 1
    guard !isTooWide(forOutputs: (axis.outputs + phases - 1) / phases) else { return nil }
    for phase in 0..<phases {
      let outputs = (axis.outputs - phase + phases - 1) / phases
      for run in cutsAtBorders ? axis.runs : [0..<outputs] {
        guard let tiles = entry.form.tiles(for: run.count) else { return nil }
        for tile in tiles {
          let start = run.lowerBound
          guard append(start + tile.lowerBound..<start + tile.upperBound, phase: phase, of: phases)
          else { return nil }
        }
      }
    }
  }

  /// Whether tiles of 3 or 5 taps have more outputs than they are good for: beyond 10, in lines of more than one,
  /// or two where they are dilated.
  ///
  /// What they save is the start of a segment. In longer lines 13 to 17 outputs took 0.95 to 1.03 of the
  /// time of 9 and 10, and 1.03 to 1.17 where inputs come from beyond level 2 and tiles ask for them, on Zen 5.
  private func isTooWide(forOutputs outputs: Int) -> Bool {
    let most = axis.dilation > 1 ? 2 : 1
    return (3...5).contains(form.taps) && form.pixels > 10 && outputs > most * form.pixels
  }

  private var form: LineForm { entry.form }
  /// Whether each lane has its own input channel and output.
  private var isOwn: Bool { geometry.source == .ownChannel }
  private var axis: LineAxis { geometry.along }

  /// The chunk that `tap` belongs to: the first of its taps, and how many it has.
  func chunk(ofTap tap: Int) -> (first: Int, count: Int) {
    let chunked = axis.taps / form.taps * form.taps
    return tap < chunked ? (tap / form.taps * form.taps, form.taps) : (tap, 1)
  }

  /// Adds a tile of the outputs `phase`, `phase + phases`, …; false where it does not fit.
  private mutating func append(_ outputs: Range<Int>, phase: Int, of phases: Int) -> Bool {
    let first = outputs.lowerBound
    var tile = LineSegment(
      input: form.taps > 1
        ? (phase - axis.padding) * axis.inputPitch + first * form.stride * inputStep
        : (first * axis.stride - axis.padding) * axis.inputPitch,
      output: (phase + first * phases) * axis.outputPitch)
    tile.isShort = outputs.count < form.pixels
    let steps = (outputs.count - 1) * form.stride + form.taps
    cycles += units.cyclesPerTile(pixels: outputs.count, tapRows: geometry.meanTapRows, isOwn)
    if form.taps > 1 {
      let start = axis.padding - phase
      tile.low = ceilingOfQuotient(start, axis.dilation) - first * form.stride
      tile.high = ceilingOfQuotient(axis.inputs + start, axis.dilation) - first * form.stride
    }
    if form.isWhole {
      tile.isInside = tile.low <= 0 && tile.high >= steps
      guard tile.isInside || meetsBorder(tile, steps: steps) else { return false }
      addCycles(pixels: outputs.count, taps: form.taps, steps: steps, checks: 0)
    } else {
      appendChunks(&tile, outputs, steps: steps)
    }
    join(tile, pixels: outputs.count)
    return true
  }

  /// Whether the microkernel has code for a tile that meets the border as `tile` does.
  private func meetsBorder(_ tile: LineSegment, steps: Int) -> Bool {
    let half = form.taps / 2
    let hasEvenBorder = form.stride == 2 && form.taps > 3
    return (tile.low <= 0 || tile.low == half)
      && (tile.high >= steps || tile.high == steps - half
        || hasEvenBorder && tile.high == steps - half + 1)
  }

  /// Adds `tile` as a segment, or to the last one where it continues a run inside the image.
  private mutating func join(_ tile: LineSegment, pixels: Int) {
    if let last = segments.last, last.isInside, tile.isInside, last.isShort == tile.isShort,
      last.input + last.tiles * pixels * form.stride * inputStep == tile.input,
      last.output + last.tiles * pixels * outputStep == tile.output, readsSame(last, tile)
    {
      segments[segments.count - 1].tiles += 1
      chunks.removeLast(tile.chunkCount + tile.singleCount)
    } else {
      segments.append(tile)
    }
  }

  /// Whether both tiles have the same pieces of the kernel.
  private func readsSame(_ one: LineSegment, _ other: LineSegment) -> Bool {
    func pieces(_ tile: LineSegment) -> [[Int]] {
      chunks[tile.firstChunk..<tile.firstChunk + tile.chunkCount + tile.singleCount]
        .map { [$0.input, $0.weights] }
    }
    return one.chunkCount == other.chunkCount && pieces(one) == pieces(other)
  }

  /// Lists the pieces of the kernel that meet the image under `tile`, chunks before single taps.
  private mutating func appendChunks(
    _ tile: inout LineSegment, _ outputs: Range<Int>, steps: Int
  ) {
    tile.firstChunk = chunks.count
    let pieces = pieces(tile, outputs, steps: steps)
    tile.isInside = pieces.allSatisfy { $0.chunk.low <= 0 && $0.chunk.high >= $0.steps }
    for (chunk, taps, steps) in pieces {
      addCycles(
        pixels: outputs.count, taps: taps, steps: steps,
        checks: tile.isInside ? 0 : checks(chunk, taps: taps, steps: steps))
    }
    let long = pieces.filter { $0.taps == form.taps && $0.taps > 1 }
    tile.chunkCount = long.count
    tile.singleCount = pieces.count - long.count
    chunks += (long + pieces.filter { $0.taps != form.taps || $0.taps == 1 }).map { $0.chunk }
  }

  /// The pieces of the kernel that meet the image under `tile`, along the taps of each channel, with the
  /// taps and steps of each.
  private func pieces(
    _ tile: LineSegment, _ outputs: Range<Int>, steps: Int
  ) -> [(chunk: TapChunk, taps: Int, steps: Int)] {
    let tapBytes = geometry.channelsPerVector * geometry.weightLanes * ElementType.f32.bytes
    var pieces: [(chunk: TapChunk, taps: Int, steps: Int)] = []
    for (index, offset) in geometry.channelOffsets.enumerated() {
      var tap = 0
      while tap < axis.taps {
        let taps = chunk(ofTap: tap).count
        var chunk = chunk(at: tap, tile, outputs)
        chunk.input += offset
        chunk.weights = (index * axis.taps + tap) * tapBytes
        tap += taps
        let chunkSteps = steps - form.taps + taps
        guard chunk.low < min(chunkSteps, chunk.high), chunk.high > 0 else { continue }
        pieces.append((chunk, taps, chunkSteps))
      }
    }
    return pieces
  }

  /// How many steps of a piece are checked in a tile at the border: all of single taps, none where the
  /// microkernel has code for the piece as it lies.
  private func checks(_ chunk: TapChunk, taps: Int, steps: Int) -> Int {
    guard taps > 1 else { return steps }
    let isInside = chunk.low <= 0 && chunk.high >= steps
    let isKnown =
      taps == 3
      && (chunk.low == 1 && chunk.high >= steps || chunk.low <= 0 && chunk.high == steps - 1)
    return isInside || isKnown ? 0 : steps
  }

  /// The chunk that begins with `tap`; without reuse along the line, a step is an output.
  private func chunk(at tap: Int, _ tile: LineSegment, _ outputs: Range<Int>) -> TapChunk {
    guard form.taps == 1 else {
      return TapChunk(
        input: tap * inputStep, weights: 0, low: tile.low - tap, high: tile.high - tap)
    }
    let start = outputs.lowerBound * axis.stride + tap * axis.dilation - axis.padding
    return TapChunk(
      input: tap * axis.dilation * axis.inputPitch, weights: 0,
      low: ceilingOfQuotient(-start, axis.stride),
      high: ceilingOfQuotient(axis.inputs - start, axis.stride))
  }

  private mutating func addCycles(pixels: Int, taps: Int, steps: Int, checks: Int) {
    // Where all lanes see one input channel, each channel of the group is a piece of its own.
    if form.taps == 1 {
      cycles += geometry.channelOffsets.count > 1 ? units.channel : units.piece
    }
    cycles +=
      Double(geometry.channelsPerVector)
      * units.cycles(
        pixels: pixels, taps: taps, steps: steps, checks: checks,
        isPermuted: geometry.channelsPerVector > 1, isOwn: isOwn)
  }
}
