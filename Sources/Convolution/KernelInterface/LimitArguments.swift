// SPDX-License-Identifier: Apache-2.0

/// What the kernels that measure the machine's limits work on.
public struct LimitArguments {
  /// Start of worker 0's memory; worker w's begins `w · floatsPerWorker` later.
  public var memory: UnsafeMutablePointer<Float>
  /// Floats that belong to each worker; a multiple of `LimitArguments.granule`.
  public var floatsPerWorker: Int

  /// Kernels work on whole granules of this many floats.
  public static let granule = 3 * 16 * 16

  /// Vector FMAs of one `peakFMA` task.
  public static let fusedPerTask = 4096 * 12

  /// Work on `floatsPerWorker` floats for each worker, from `memory` on.
  public init(memory: UnsafeMutablePointer<Float>, floatsPerWorker: Int) {
    precondition(floatsPerWorker % Self.granule == 0)
    self.memory = memory
    self.floatsPerWorker = floatsPerWorker
  }
}
