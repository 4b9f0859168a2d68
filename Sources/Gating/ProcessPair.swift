// SPDX-License-Identifier: Apache-2.0

/// A process of each build, side by side.
struct ProcessPair {
  let base: any BuildProcess
  let new: any BuildProcess

  subscript(side: GateSide) -> any BuildProcess { side == .base ? base : new }
}
