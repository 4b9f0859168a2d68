// SPDX-License-Identifier: Apache-2.0

internal import Inputs

extension Duration {
  /// Seconds, for texts.
  var inSeconds: Double { self / .seconds(1) }

  /// Whole milliseconds, rounded up and at least 0, for waiting.
  var inMilliseconds: Int32 {
    Int32(clamping: (self / .milliseconds(1)).rounded(.up), to: 0...1_000_000_000)
  }
}
