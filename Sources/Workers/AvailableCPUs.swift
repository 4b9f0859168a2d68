// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
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
      let count = Int(cplatform_allowed_cpus(buffer.baseAddress, CInt(capacity)))
      return buffer.prefix(count).map(Int.init)
    }
    guard let quota = quotaOfControlGroup() else { return affinity }
    // The lesser one first: a quota may be larger than any whole number.
    return Array(affinity.prefix(max(1, Int(min(quota, Double(affinity.count))))))
  }

  /// CPUs' worth of time that the control groups grant, or nil where none sets a limit.
  public static func quotaOfControlGroup() -> Double? { ControlGroup.current.cpuQuota }
}
