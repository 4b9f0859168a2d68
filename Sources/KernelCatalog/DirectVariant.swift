// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Direct convolution by a microkernel of the family `direct`, in a layout with channels innermost.
///
/// It computes any problem. Its only memory beyond input, output and packed filter are tables of a
/// few kilobytes: sums that wait for the next block of channels wait in the output.
struct DirectVariant: ConvolutionVariant {
  let identity: VariantIdentity
  let entry: KernelEntry
  let layout: Layout
  let caches: CacheSizes

  /// The variant of `entry` for activations in `layout`.
  init(_ entry: KernelEntry, layout: Layout, caches: CacheSizes = .current) {
    self.entry = entry
    self.layout = layout
    self.caches = caches
    identity = VariantIdentity(
      family: "direct", layout: layout.name, detail: entry.registerBlock.name,
      instructionSet: entry.instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support { .supported }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws -> PreparedOperation {
    let plan = DirectPlan(
      operation.problem, layout: layout, entry: entry, workers: workers, caches: caches)
    let packing = try DirectPacking(plan.geometry, plan.panels, operation, weights)
    let tables = DirectTables(operation, plan, packing, input: input, output: output)
    let phase = Phase(
      name: "kernel", tasks: tables.arguments.pointee.tasks,
      context: UnsafeRawPointer(tables.arguments), run: entry.run)
    return PreparedOperation(
      phases: [phase], filterMemory: [UnsafeRawBufferPointer(packing.filter.floats)],
      owner: tables)
  }
}

extension DirectVariant {
  /// The layouts in which `entry` is offered.
  static func variants(_ entry: KernelEntry) -> [any ConvolutionVariant] {
    [
      DirectVariant(entry, layout: .channelBlocked(lanes: entry.instructionSet.lanes)),
      DirectVariant(entry, layout: .nhwc),
    ]
  }
}
