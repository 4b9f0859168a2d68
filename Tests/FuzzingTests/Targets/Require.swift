// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Stops where something does not hold that must for every text; an optimised `precondition` would
/// not say what.
func require(_ condition: Bool, _ complaint: @autoclosure () -> String) {
  guard !condition else { return }
  try? FileHandle.standardError.write(contentsOf: Data("fuzzing: \(complaint())\n".utf8))
  abort()
}
