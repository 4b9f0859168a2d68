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
    (filter, starts) = try Self.packed(plan, weights)
    let geometry = plan.geometry
    let outside = weights.quantization?.inputZero ?? 0
    let places = geometry.copies ? geometry.copyTable(outside: outside) : geometry.spread ?? []
    spread = try AlignedBuffer(count: places.count)
    for (lane, place) in places.enumerated() { spread.storeInteger(Int32(place), at: lane) }
    let outputs = geometry.problem.outChannels + geometry.lanes - 1
    guard let quantization = weights.quantization else {
      bias = try AlignedBuffer(weights.bias, count: outputs)
      (compensation, scales) = (try AlignedBuffer(count: 0), try AlignedBuffer(count: 0))
      return
    }
    bias = try AlignedBuffer(count: outputs)
    for (index, value) in weights.bias.enumerated() { bias.storeInteger(Int32(value), at: index) }
    scales = try AlignedBuffer(quantization.scales, count: outputs)
    compensation = try Self.compensation(plan, weights, zero: quantization.inputZero)
  }

  /// What sums over the panels of `plan` lack.
  private static func compensation(
    _ plan: DirectPlan, _ weights: Weights, zero: Int
  ) throws(MemoryError) -> AlignedBuffer {
    let panels = plan.panels.panels
    let buffer = try AlignedBuffer(count: panels.reduce(0) { $0 + plan.compensations($1) })
    var start = 0
    for panel in panels {
      compensate(
        panel, plan, weights, zero: zero,
        UnsafeMutableRawPointer(buffer.pointer + start).assumingMemoryBound(to: Int32.self))
      start += plan.compensations(panel)
    }
    return buffer
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

  /// The filter, and where in it each panel starts.
  private static func packed(
    _ plan: DirectPlan, _ weights: Weights
  ) throws(MemoryError) -> (AlignedBuffer, starts: [Int]) {
    let geometry = plan.geometry
    var starts: [Int] = []
    var count = 0
    for panel in plan.panels.panels {
      starts.append(count)
      count += plan.quanta(panel) * geometry.lanes * panel.vectors
    }
    let buffer = try AlignedBuffer(count: count)
    for (panel, start) in zip(plan.panels.panels, starts) {
      let elements = PackedElements(buffer, plan.geometry.problem.dataType.filter, from: start)
      weights.filter.withUnsafeBufferPointer { pack(panel, plan, $0, elements) }
    }
    return (buffer, starts)
  }

  /// Packs one panel into zeroed memory.
  private static func pack(
    _ panel: DirectPanels.Panel, _ plan: DirectPlan,
    _ filter: UnsafeBufferPointer<TensorValue>, _ elements: PackedElements
  ) {
    let (geometry, problem) = (plan.geometry, plan.geometry.problem)
    let (area, perGroup) = (problem.kernel.area, problem.inChannelsPerGroup)
    let channels = problem.dataType.quantum
    let width = panel.vectors * geometry.lanes
    for (lane, output) in panel.outputChannels.enumerated() {
      for channel in panel.inputChannels {
        for tap in 0..<area {
          let (quantum, place) = plan.place(of: channel, tap: tap, panel)
          elements.set(
            (quantum * width + lane) * channels + place,
            filter[(output * perGroup + channel % perGroup) * area + tap])
        }
      }
    }
  }
}

/// Memory of a packed filter as elements of its type.
struct PackedElements {
  private let memory: UnsafeMutableRawPointer
  private let type: ElementType

  /// The elements from the lane `start` of `buffer` on.
  init(_ buffer: AlignedBuffer, _ type: ElementType, from start: Int = 0) {
    memory = UnsafeMutableRawPointer(buffer.pointer + start)
    self.type = type
  }

  /// Writes `value`, rounded to the type, as the element `index`.
  func set(_ index: Int, _ value: TensorValue) {
    switch type {
    case .f32, .s32:
      memory.storeBytes(of: value, toByteOffset: index * type.bytes, as: TensorValue.self)
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
