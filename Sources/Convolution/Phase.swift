// SPDX-License-Identifier: Apache-2.0

/// A part of an operation whose tasks are independent of each other; phases run in order.
///
/// The measured path calls `run` with a raw context instead of a closure with captures, so that
/// nothing is retained or released between start and stop.
public struct Phase {
  /// What the phase does: `padding`, `im2col`, `kernel`.
  public var name: String
  /// Number of independent tasks; workers take ranges of them.
  public var tasks: Int
  /// What `run` works on; the prepared operation keeps it alive.
  public var context: UnsafeRawPointer
  /// Executes the tasks `first..<end` as worker `worker`.
  ///
  /// - Requires: a function that captures nothing; per-worker scratch is found by `worker`.
  public var run: (_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) -> Void

  /// A phase of `tasks` tasks.
  public init(
    name: String, tasks: Int, context: UnsafeRawPointer,
    run: @escaping (_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) -> Void
  ) {
    self.name = name
    self.tasks = tasks
    self.context = context
    self.run = run
  }
}
