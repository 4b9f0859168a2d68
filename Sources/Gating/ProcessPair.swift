// SPDX-License-Identifier: Apache-2.0

/// A process of each build, side by side.
struct ProcessPair {
  let base: any BuildProcess
  let new: any BuildProcess

  /// Whether both know of the warm-up, or have not been asked yet.
  var warmUp: Bool { base.warmsUp != false && new.warmsUp != false }

  subscript(side: GateSide) -> any BuildProcess { side == .base ? base : new }
}
