// SPDX-License-Identifier: Apache-2.0

/// A Winograd convolution F(outputs, taps) as a microkernel is specialised for, the same in both
/// directions.
public struct WinogradForm: Hashable, Sendable {
  /// Outputs of a tile in each direction.
  public var outputs: Int
  /// Taps of the kernel in each direction.
  public var taps: Int

  /// Inputs of a tile in each direction, and points of the transform.
  public var points: Int { outputs + taps - 1 }

  /// The form as it stands in variant ids: `f4x3` for F(4, 3).
  public var name: String { "f\(outputs)x\(taps)" }

  /// F(outputs, taps).
  public init(outputs: Int, taps: Int) {
    self.outputs = outputs
    self.taps = taps
  }
}
