// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The filter and bias of a direct convolution in the order in which the kernels read them.
struct DirectPacking {
  /// `[panel][block][Kh][Kw][run][quantum of run][vector][lane][channel of quantum]`; where the taps of a
  /// row join, `[Kw]` and `[run]` change places.
  let filter: AlignedBuffer
  /// `[output channel]`, and zeros for the lanes behind the last one.
  let bias: AlignedBuffer
  /// What sums of integers lack, see `DirectArguments.compensation`; empty of floats.
  let compensation: AlignedBuffer
  /// `[output channel]`, and zeros for the lanes behind the last one; empty of floats.
  let scales: AlignedBuffer
  /// See `DirectArguments.spread`; empty where no vector is shared.
  let spread: AlignedBuffer
  /// Where each panel starts in `filter`, in quanta of a lane.
  let starts: [Int]

  /// Packs `weights`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ plan: DirectPlan, _ operation: ConvolutionOperation, _ weights: Weights
  ) throws(MemoryError) {
    let (geometry, panels) = (plan.geometry, plan.panels)
    let lanes = geometry.lanes
    let area = geometry.problem.kernel.area
    var starts: [Int] = []
    var count = 0
    for panel in panels.panels {
      starts.append(count)
      count += panel.runs * area * geometry.runQuanta * panel.vectors * lanes
    }
    self.starts = starts
    filter = try AlignedBuffer(count: count)
    bias = try AlignedBuffer(count: geometry.problem.outChannels + lanes - 1)
    for (panel, start) in zip(panels.panels, starts) {
      Self.pack(panel, plan, weights, filter.pointer + start)
    }
    let places = geometry.spread ?? []
    spread = try AlignedBuffer(count: places.count)
    for (lane, place) in places.enumerated() {
      spread.pointer[lane] = Float(bitPattern: UInt32(place))
    }
    let quantization = weights.quantization
    for (channel, value) in weights.bias.enumerated() {
      bias.pointer[channel] =
        quantization == nil ? value : Float(bitPattern: UInt32(bitPattern: Int32(value)))
    }
    let integers = quantization == nil ? 0 : 1
    let compensations = panels.panels.reduce(0) { $0 + plan.compensations($1) }
    compensation = try AlignedBuffer(count: integers * compensations)
    scales = try AlignedBuffer(count: integers * bias.count)
    guard let quantization else { return }
    for (channel, scale) in quantization.scales.enumerated() { scales.pointer[channel] = scale }
    var start = 0
    for panel in panels.panels {
      Self.compensate(
        panel, plan, weights, zero: quantization.inputZero,
        UnsafeMutableRawPointer(compensation.pointer + start).assumingMemoryBound(to: Int32.self))
      start += plan.compensations(panel)
    }
  }

  /// The integers of a buffer; nil of none.
  func integers(_ buffer: AlignedBuffer) -> UnsafePointer<Int32>? {
    buffer.count > 0
      ? UnsafeRawPointer(buffer.pointer).assumingMemoryBound(to: Int32.self) : nil
  }

  /// Minus the zero point times the sums of a panel's weights over the taps of each class.
  private static func compensate(
    _ panel: DirectPanels.Panel, _ plan: DirectPlan, _ weights: Weights, zero: Int,
    _ target: UnsafeMutablePointer<Int32>
  ) {
    let problem = plan.geometry.problem
    let (area, perGroup) = (problem.kernel.area, problem.inChannelsPerGroup)
    let width = panel.vectors * plan.geometry.lanes
    for (lane, output) in panel.outputChannels.enumerated() {
      var taps = [Int](repeating: 0, count: area)
      for channel in panel.inputChannels {
        let first = (output * perGroup + channel % perGroup) * area
        for tap in 0..<area { taps[tap] += Int(weights.filter[first + tap]) }
      }
      for (row, rows) in plan.tapRows.enumerated() {
        for (column, columns) in plan.columns.taps.enumerated() {
          var sum = 0
          for y in rows { for x in columns { sum += taps[y * problem.kernel.width + x] } }
          target[(row * plan.columns.taps.count + column) * width + lane] = Int32(
            truncatingIfNeeded: -zero * sum)
        }
      }
    }
  }

  /// Packs one panel into zeroed memory.
  private static func pack(
    _ panel: DirectPanels.Panel, _ plan: DirectPlan, _ weights: Weights,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let geometry = plan.geometry
    let problem = geometry.problem
    let area = problem.kernel.area
    let width = panel.vectors * geometry.lanes
    let types = problem.dataType
    let elements = PackedElements(target, types.filter)
    let perGroup = problem.inChannelsPerGroup
    weights.filter.withUnsafeBufferPointer { filter in
      for (lane, output) in panel.outputChannels.enumerated() {
        for channel in panel.inputChannels {
          let (run, place) = geometry.place(of: channel, from: panel.inputChannels.lowerBound)
          for tap in 0..<area {
            let position = plan.position(run: run, of: panel.runs, tap: tap)
            let quantum = position * geometry.runQuanta + place / types.quantum
            elements.set(
              (quantum * width + lane) * types.quantum + place % types.quantum,
              filter[(output * perGroup + channel % perGroup) * area + tap])
          }
        }
      }
    }
  }
}

/// Memory of a packed filter as elements of its type.
struct PackedElements {
  private let memory: UnsafeMutableRawPointer
  private let type: ElementType

  init(_ memory: UnsafeMutablePointer<Float>, _ type: ElementType) {
    self.memory = UnsafeMutableRawPointer(memory)
    self.type = type
  }

  /// Writes `value`, rounded to the type, as the element `index`.
  func set(_ index: Int, _ value: Float) {
    switch type {
    case .f32, .s32:
      memory.storeBytes(of: value, toByteOffset: index * type.bytes, as: Float.self)
    case .s8, .u8:
      memory.storeBytes(
        of: UInt8(truncatingIfNeeded: Int(type.nearest(value))), toByteOffset: index,
        as: UInt8.self)
    case .bf16:
      memory.storeBytes(
        of: BFloat16(value).bits, toByteOffset: index * type.bytes, as: UInt16.self)
    }
  }
}
