// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Inputs
internal import Machine

/// The CPUs that this process may use.
public enum AvailableCPUs {
  /// Ids of the usable CPUs, ascending: those of the affinity mask, at most as many as the
  /// control group's CPU quota pays for.
  ///
  /// A quota of 1.5 CPUs gives one worker: a second one would be throttled half of the time.
  public static func ids() -> [Int] {
    let capacity = 1024
    let affinity = withUnsafeTemporaryAllocation(of: CInt.self, capacity: capacity) { buffer in
      let count = Int(
        clamping: cplatform_allowed_cpus(buffer.baseAddress, CInt(clamping: capacity)))
      return buffer.prefix(count).map(Int.init)
    }
    guard let quota = quotaOfControlGroup() else { return affinity }
    return Array(affinity.prefix(Int(clamping: quota, to: 1...Int.max)))
  }

  /// CPUs' worth of time that the control groups grant, or nil where none sets a limit.
  public static func quotaOfControlGroup() -> Double? { ControlGroup.current.cpuQuota }
}
