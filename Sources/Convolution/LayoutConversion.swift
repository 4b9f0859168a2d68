// SPDX-License-Identifier: Apache-2.0

/// A copy of activations into another layout, as an operation that can be run and timed.
///
/// It stands between two steps of a chain whose variants use different layouts: a cost that a
/// framework would have too. One task is up to 16 channels of one image, a cache line of a pixel
/// where channels lie side by side. Channels that only a blocked target has are left as they are.
public final class LayoutConversion {
  private let source: Activation
  private let target: Activation
  private let plan: UnsafeMutablePointer<ReorderPlan>

  /// A conversion from `source` to `target`.
  /// - Requires: equal shapes, and blocks of a multiple of 4 channels.
  public init(from source: Activation, to target: Activation) {
    precondition(source.shape == target.shape)
    self.source = source
    self.target = target
    plan = .allocate(capacity: 1)
    plan.initialize(to: ReorderPlan(from: source, to: target))
  }

  deinit { plan.deallocate() }

  /// The conversion as an operation of one phase.
  public func prepared() -> PreparedOperation {
    let phase = Phase(
      name: "reorder", tasks: plan.pointee.tasks, context: UnsafeRawPointer(plan),
      run: { context, first, end, _ in
        let plan = context.assumingMemoryBound(to: ReorderPlan.self)
        for task in first..<end { plan.pointee.run(task) }
      })
    return PreparedOperation(
      phases: [phase],
      implementation: "reorder \(source.layout.name) → \(target.layout.name)", owner: self)
  }
}
