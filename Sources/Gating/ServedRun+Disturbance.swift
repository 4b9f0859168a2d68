// SPDX-License-Identifier: Apache-2.0

internal import ExternalPeers
internal import Measuring

extension ServedRun {
  /// What the build saw of the machine during the visit.
  var disturbance: Disturbance {
    var disturbance = Disturbance(nanoseconds: nanoseconds)
    disturbance.add(
      waitedNanoseconds.map { [LostTime(nanoseconds: $0, switches: contextSwitches ?? 0)] },
      of: nanoseconds)
    disturbance.migrations = migrations
    disturbance.stolenNanoseconds = stolenNanoseconds
    return disturbance
  }
}
