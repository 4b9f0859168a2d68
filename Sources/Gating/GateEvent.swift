// SPDX-License-Identifier: Apache-2.0

/// What happens, for showing progress.
public enum GateEvent: Sendable {
  /// Session `number` of about `count` begins, over so many cases.
  case session(stage: GateStage, number: Int, count: Int, cases: Int)
  /// A round was measured.
  case round(GateRound)
  /// A process ended by itself or was killed, so its session is run once more.
  case repeated(String)
}
