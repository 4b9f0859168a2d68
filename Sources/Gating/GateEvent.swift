// SPDX-License-Identifier: Apache-2.0

/// What happens, for showing progress.
public enum GateEvent: Sendable {
  /// Session `number` of about `count` begins, over so many cases.
  case session(stage: GateStage, number: Int, count: Int, cases: Int)
}
