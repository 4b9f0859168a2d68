// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Why a file or folder cannot be written or locked.
public struct FileError: Error, Hashable, Sendable {
  /// What could not be written.
  public var path: String
  /// The reason in the system's words.
  public var reason: String

  /// An error about `path`.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// What the last system call complained of.
  init(path: String, code: Int32 = errno) {
    self.init(path: path, reason: code == ELOOP ? Self.isLink : "\(SystemReason(code))")
  }

  /// What is said of a link: the system calls it “Too many levels of symbolic links”.
  static let isLink = "it is a symbolic link, and links are not followed when files are written"
}

extension FileError: CustomStringConvertible {
  /// One line.
  public var description: String { "cannot write \(path): \(reason)" }
}
