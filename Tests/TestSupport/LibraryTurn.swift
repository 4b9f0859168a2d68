// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Lets one test at a time run a library, as the program does.
///
/// With primitives of several types made and executed by two threads at once, oneDNN 2.6.3 gave wrong sums
/// of small images in NHWC, of floats and bf16; one after the other, none of 453 problems and types was wrong.
public enum LibraryTurn {
  private static let lock = NSRecursiveLock()

  /// Runs `body`, alone where `isLibrary`.
  public static func take<Result>(_ isLibrary: Bool, _ body: () throws -> Result) rethrows -> Result
  {
    guard isLibrary else { return try body() }
    return try lock.withLock(body)
  }
}
