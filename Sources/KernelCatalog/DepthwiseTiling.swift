// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a line of outputs is cut into the tiles of one microkernel, and what that costs.
struct DepthwiseTiling {
  /// The microkernel.
  let entry: DepthwiseEntry
  /// Bytes from an input to its neighbour along the line, as the kernel steps.
  let inputStep: Int
  /// Bytes from an output to its neighbour of the same tile.
  let outputStep: Int
  /// The segments of a line.
  private(set) var segments: [DepthwiseSegment] = []
  /// The chunks they refer to.
  private(set) var chunks: [DepthwiseChunk] = []
  /// Estimated cycles for one line and one tap across.
  private(set) var cycles = 0.0

  private let axis: DepthwiseAxis
  private let weightBytes: Int
  private let units: DepthwiseUnits

  /// The tiling of `axis` for `entry`; nil where the microkernel does not fit the problem.
  init?(_ entry: DepthwiseEntry, _ axis: DepthwiseAxis) {
    let form = entry.form
    let reuses = form.taps > 1
    units = DepthwiseUnits(entry.instructionSet)
    guard units.fits(pixels: form.pixels, taps: form.taps) else { return nil }
    if reuses {
      // Between dilated taps only outputs of one phase share inputs, and a stride skips phases.
      guard axis.stride == form.stride, axis.dilation == 1 || axis.stride == 1 else { return nil }
      guard form.isWhole ? form.taps == axis.taps : form.taps <= axis.taps else { return nil }
    }
    self.entry = entry
    self.axis = axis
    weightBytes = units.lanes * MemoryLayout<Float>.stride
    inputStep = axis.inputPitch * (reuses ? axis.dilation : axis.stride)
    outputStep = axis.outputPitch * (reuses ? axis.dilation : 1)
    let phases = reuses ? min(axis.dilation, axis.outputs) : 1
    for phase in 0..<phases {
      guard append(phase: phase, of: phases, reuses: reuses) else { return nil }
    }
  }

  private var form: DepthwiseForm { entry.form }
  private var pixels: Int { form.pixels }

  /// Cuts the outputs `phase`, `phase + phases`, … into tiles; false where they are too few.
  ///
  /// The last tile overlaps the one before it where the width is no multiple of the tile's.
  private mutating func append(phase: Int, of phases: Int, reuses: Bool) -> Bool {
    let count = (axis.outputs - phase + phases - 1) / phases
    guard count >= pixels else { return false }
    var first = 0
    while true {
      let segment = DepthwiseSegment(
        input: reuses
          ? (phase - axis.padding) * axis.inputPitch + first * form.stride * inputStep
          : (first * axis.stride - axis.padding) * axis.inputPitch,
        output: (phase + first * phases) * axis.outputPitch)
      let inside =
        reuses
        ? (
          ceilingOfQuotient(axis.padding - phase, phases) - first * form.stride,
          ceilingOfQuotient(axis.inputs + axis.padding - phase, phases) - first * form.stride
        )
        : (0, 0)
      guard append(segment, firstOutput: first, from: inside.0, to: inside.1) else { return false }
      if first + pixels >= count { return true }
      first = min(first + pixels, count - pixels)
    }
  }

  /// Adds a tile, to the last segment where it continues a run of tiles inside the image.
  private mutating func append(
    _ tile: DepthwiseSegment, firstOutput: Int, from low: Int, to high: Int
  ) -> Bool {
    var tile = tile
    let steps = (pixels - 1) * form.stride + form.taps
    tile.low = low
    tile.high = high
    if form.isWhole {
      guard low < form.taps, high > steps - form.taps else { return false }
      tile.isInside = low <= 0 && high >= steps
      cycles += units.cycles(pixels: pixels, taps: form.taps, steps: steps, checks: 0) + units.tile
    } else {
      appendChunks(&tile, firstOutput: firstOutput, steps: steps)
    }
    if let last = segments.last, last.isInside, tile.isInside,
      last.input + last.tiles * pixels * form.stride * inputStep == tile.input,
      last.output + last.tiles * pixels * outputStep == tile.output
    {
      segments[segments.count - 1].tiles += 1
      chunks.removeLast(tile.chunkCount + tile.singleCount)
    } else {
      segments.append(tile)
    }
    return true
  }

  /// Lists the pieces of the kernel that meet the image under `tile`.
  private mutating func appendChunks(
    _ tile: inout DepthwiseSegment, firstOutput: Int, steps: Int
  ) {
    let chunked = form.taps == 1 ? 0 : axis.taps / form.taps * form.taps
    tile.firstChunk = chunks.count
    tile.isInside = true
    cycles += units.tile
    for tap in stride(from: 0, to: chunked, by: form.taps) {
      let chunk = DepthwiseChunk(
        input: tap * inputStep, weights: tap * weightBytes, low: tile.low - tap,
        high: tile.high - tap)
      if append(chunk, taps: form.taps, steps: steps, &tile) { tile.chunkCount += 1 }
    }
    for tap in chunked..<axis.taps {
      let chunk =
        form.taps > 1
        ? DepthwiseChunk(
          input: tap * inputStep, weights: tap * weightBytes, low: tile.low - tap,
          high: tile.high - tap)
        : singleTap(tap, firstOutput: firstOutput)
      if append(chunk, taps: 1, steps: steps - form.taps + 1, &tile) { tile.singleCount += 1 }
    }
  }

  /// A tap of a kernel without reuse, where a step is an output.
  private func singleTap(_ tap: Int, firstOutput: Int) -> DepthwiseChunk {
    let start = firstOutput * axis.stride + tap * axis.dilation - axis.padding
    return DepthwiseChunk(
      input: tap * axis.dilation * axis.inputPitch, weights: tap * weightBytes,
      low: ceilingOfQuotient(-start, axis.stride),
      high: ceilingOfQuotient(axis.inputs - start, axis.stride))
  }

  /// Adds a chunk unless it lies outside the image; whether it does not.
  private mutating func append(
    _ chunk: DepthwiseChunk, taps: Int, steps: Int, _ tile: inout DepthwiseSegment
  ) -> Bool {
    let isInside = chunk.low <= 0 && chunk.high >= steps
    tile.isInside = tile.isInside && isInside
    guard chunk.low < steps, chunk.high > 0, chunk.low < chunk.high else { return false }
    chunks.append(chunk)
    cycles += units.cycles(
      pixels: pixels, taps: taps, steps: steps, checks: isInside ? 0 : steps)
    return true
  }
}
