// SPDX-License-Identifier: Apache-2.0

extension Duration {
  /// Seconds, for texts.
  var inSeconds: Double { self / .seconds(1) }

  /// Whole milliseconds, rounded up and at least 0, for waiting.
  var inMilliseconds: Int32 {
    Int32(clamping: Int(max(0, min(self / .milliseconds(1), 1e9)).rounded(.up)))
  }
}
