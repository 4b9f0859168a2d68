// SPDX-License-Identifier: Apache-2.0

/// A file or folder that could not be written: which one, and why.
public struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, as it was named.
  public let path: String
  /// Why, in the system's words where it was the system.
  public let reason: String

  /// A failure on `path`.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  init(_ path: String, _ reason: SystemReason = .last) {
    self.init(
      path: path,
      reason: reason.code == SystemReason.link.code ? Self.isLink : "\(reason)")
  }

  /// What is said of a link: the system calls it “Too many levels of symbolic links”.
  static let isLink = "it is a symbolic link, and links are not followed when files are written"

  /// One line with the file and the reason.
  public var description: String { "cannot write \(path): \(reason)" }
}
