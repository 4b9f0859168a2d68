// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What a convolution by strips works on, packed.
final class NarrowStripMemory {
  /// The arguments of the kernel.
  let arguments: UnsafeMutablePointer<NarrowStripArguments>
  /// The packed filter.
  let filter: AlignedBuffer
  private let tables: Tables
  private let activations: [Activation]

  /// Packs `weights` and what follows from `shape`.
  init(
    _ operation: ConvolutionOperation, _ shape: NarrowStripShape, weights: Weights,
    input: Activation, output: Activation, workers: Int
  ) throws(MemoryError) {
    let problem = operation.problem
    let blocks = (problem.outChannels + shape.channels - 1) / shape.channels
    let row = shape.quantaPerRow * problem.kernel.width * shape.channels
    filter = try AlignedBuffer(count: blocks * shape.filterRows * row)
    tables = try Tables(problem, shape, blocks: blocks, workers: workers)
    activations = [input, output]
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: NarrowStripArguments(
        operation, shape,
        NarrowStripArguments.Memory(
          input: input.pointer, filter: filter.pointer, starts: tables.starts.pointer,
          scales: tables.scales.pointer, limits: tables.limits.pointer,
          outside: tables.outside.pointer, margin: tables.margin.pointer,
          permutations: tables.order.pointer, output: output.pointer,
          strips: tables.strips.pointer, inputRows: tables.inputRows)))
    tables.pack(NarrowStripPacking(problem: problem, shape: shape, weights: weights), filter)
    if let integers = weights.quantization { tables.fill(operation, shape, integers) }
  }

  deinit { arguments.deallocate() }

  /// Bytes beside input, output and filter.
  var scratchBytes: Int { tables.owners.reduce(0) { $0 + $1.bytes } }
}

/// What a convolution by strips reads beside its tensors, and the strips.
private struct Tables {
  let starts, scales, limits, outside, rows, order, strips, margin: AlignedBuffer
  let inputRows: UnsafeMutablePointer<Int32>

  init(
    _ problem: ConvolutionProblem, _ shape: NarrowStripShape, blocks: Int, workers: Int
  ) throws(MemoryError) {
    starts = try AlignedBuffer(count: blocks * shape.channels)
    scales = try AlignedBuffer(count: blocks * shape.channels)
    limits = try AlignedBuffer(bytes: 2 * shape.vectorBytes)
    outside = try AlignedBuffer(bytes: 2 * shape.vectorBytes)
    rows = try AlignedBuffer(bytes: shape.sets * shape.slots * MemoryLayout<Int32>.stride)
    order = try AlignedBuffer(bytes: shape.parts * shape.vectors * shape.vectorBytes)
    strips = try AlignedBuffer(
      bytes: shape.rolls || shape.isWidened
        ? shape.vectorBytes : workers * shape.quanta * shape.quantumBytes)
    let columns =
      shape.rolls ? problem.input.width + problem.padding.left + 2 * problem.dilation.width : 0
    margin = try AlignedBuffer(
      bytes: columns * problem.inChannels * problem.dataType.input.bytes + shape.vectorBytes)
    inputRows = UnsafeMutableRawPointer(rows.pointer).bindMemory(
      to: Int32.self, capacity: shape.sets * shape.slots)
  }

  var owners: [AlignedBuffer] { [starts, scales, limits, outside, margin, rows, order, strips] }

  /// Writes weights and tables.
  func pack(_ packing: NarrowStripPacking, _ filter: AlignedBuffer) {
    packing.packFilter(filter)
    packing.packStarts(starts, scales)
    packing.packRows(inputRows)
    packing.packOrder(UnsafeMutableRawPointer(order.pointer))
  }

  /// Writes zero points where integers need them.
  func fill(
    _ operation: ConvolutionOperation, _ shape: NarrowStripShape, _ quantization: Quantization
  ) {
    let zero = UInt8(quantization.inputZero)
    let isWide = shape.numbers < operation.problem.dataType.quantum
    fill(outside, 0, shape.vectorBytes, with: zero)
    fill(margin, 0, margin.bytes, with: zero)
    fill(outside, 1, shape.vectorBytes, with: isWide ? UInt16(zero) : UInt16(zero) * 0x101)
    fill(limits, 0, shape.vectorBytes, with: UInt16(quantization.outputZero))
    let least = operation.epilogue.hasReLU ? UInt8(quantization.outputZero) : 0
    fill(limits, 1, shape.vectorBytes, with: least)
  }

  /// Fills the vector `index` of a buffer with numbers.
  private func fill<Number: FixedWidthInteger>(
    _ buffer: AlignedBuffer, _ index: Int, _ bytes: Int, with number: Number
  ) {
    (UnsafeMutableRawPointer(buffer.pointer) + index * bytes).initializeMemory(
      as: Number.self, repeating: number, count: bytes / MemoryLayout<Number>.stride)
  }
}

/// Writes weights, and tables of a strip, in the order of `NarrowStripArguments`.
private struct NarrowStripPacking {
  let problem: ConvolutionProblem
  let shape: NarrowStripShape
  let weights: Weights

  /// Numbers of a lane, and bytes of each.
  private var numbers: Int { shape.numbers }
  private var numberBytes: Int { 4 / shape.numbers }
  private var isInteger: Bool { problem.dataType.arithmetic == .u8s8 }
  private var blocks: Int { (problem.outChannels + shape.channels - 1) / shape.channels }

  /// Calls `body` with each output channel, its block, and its vector and lane there.
  private func forEachChannel(_ body: (_ channel: Int, _ block: Int, _ place: Int) -> Void) {
    for block in 0..<blocks {
      for place in 0..<shape.channels {
        let channel =
          block * shape.channels
          + shape.channel(vector: place / shape.lanes, lane: place % shape.lanes)
        if channel < problem.outChannels { body(channel, block, place) }
      }
    }
  }

  func packFilter(_ filter: AlignedBuffer) {
    let (height, width) = (problem.kernel.height, problem.kernel.width)
    let quanta = shape.quantaPerRow
    forEachChannel { channel, block, place in
      for row in 0..<shape.filterRows {
        for index in 0..<quanta {
          for number in 0..<numbers {
            let (set, part) = index.quotientAndRemainder(dividingBy: shape.parts)
            let input = shape.slots > 1 ? 0 : part * numbers + number
            let slot = shape.slots > 1 ? number : 0
            guard input < shape.perGroup,
              let tapRow = shape.tapRow(output: row, index: set, slot: slot)
            else { continue }
            for column in 0..<width {
              let vectors = ((block * shape.filterRows + row) * quanta + index) * width + column
              write(
                filter, (vectors * shape.channels + place) * numbers + number,
                weights.filter[
                  ((channel * shape.perGroup + input) * height + tapRow) * width + column])
            }
          }
        }
      }
    }
  }

  /// Writes a weight as wide as numbers of a lane are.
  private func write(_ filter: AlignedBuffer, _ index: Int, _ weight: TensorValue) {
    if numbers == problem.dataType.quantum {
      PackedElements(filter, problem.dataType.filter).set(index, weight)
    } else if isInteger {
      UnsafeMutableRawPointer(filter.pointer).storeBytes(
        of: Int16(weight), toByteOffset: index * numberBytes, as: Int16.self)
    } else {
      filter.pointer[index] = weight
    }
  }

  func packStarts(_ starts: AlignedBuffer, _ scales: AlignedBuffer) {
    let perChannel = shape.perGroup * problem.kernel.area
    forEachChannel { channel, block, place in
      let bias = weights.bias.isEmpty ? 0 : weights.bias[channel]
      let index = block * shape.channels + place
      guard let quantization = weights.quantization else {
        starts.pointer[index] = bias
        return
      }
      let filter = weights.filter[channel * perChannel..<(channel + 1) * perChannel]
      let sum = filter.reduce(0) { $0 + Int($1) }
      let start = Int32(truncatingIfNeeded: Int(bias) - quantization.inputZero * sum)
      starts.storeInteger(start, at: index)
      scales.pointer[index] = quantization.scales[channel]
    }
  }

  func packRows(_ rows: UnsafeMutablePointer<Int32>) {
    for set in 0..<shape.sets {
      for slot in 0..<shape.slots {
        rows[set * shape.slots + slot] = Int32(shape.inputRow(set: set, slot: slot) ?? -1)
      }
    }
  }

  /// In each lane, the bytes of a quantum of its group's channels.
  func packOrder(_ order: UnsafeMutableRawPointer) {
    let bytes = problem.dataType.input.bytes
    for part in 0..<shape.parts {
      for place in 0..<shape.channels {
        let channel = shape.channel(vector: place / shape.lanes, lane: place % shape.lanes)
        let first = channel / shape.perGroup * shape.perGroup
        for number in 0..<numbers {
          let input = part * numbers + number
          // Zeros behind an integer make it wider, and zeros before a half make it a float.
          let shift = isInteger ? 0 : numberBytes - bytes
          for byte in 0..<numberBytes {
            let isFilled = input < shape.perGroup && (shift..<shift + bytes).contains(byte)
            let from = (first + input) * bytes + byte - shift
            order.storeBytes(
              of: isFilled ? UInt8(from % 16) : 0x80,
              toByteOffset: (part * shape.channels + place) * 4 + number * numberBytes + byte,
              as: UInt8.self)
          }
        }
      }
    }
  }
}
