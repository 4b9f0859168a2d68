// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A file that is open for writing at its end; a link in its place is not followed.
public final class AppendedFile {
  /// What is expected in its place.
  public enum Start: Sendable {
    /// Nothing: an existing file is an error.
    case new
    /// Anything: an existing file is emptied.
    case emptied
    /// A file: it is continued behind its end.
    case continued
    /// Anything: an existing file is continued, a missing one made.
    case continuedOrNew

    fileprivate var flags: Int32 {
      switch self {
      case .new: O_CREAT | O_EXCL
      case .emptied: O_CREAT | O_TRUNC
      case .continued: O_APPEND
      case .continuedOrNew: O_CREAT | O_APPEND
      }
    }
  }

  /// The file, as it was named.
  public let path: String
  private var descriptor: Int32

  /// Opens `path`.
  /// - Throws: `FileFailure`.
  public init(_ path: String, _ start: Start) throws(FileFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | start.flags, 0o666)
    guard descriptor >= 0 else { throw FileFailure(path) }
  }

  deinit { if descriptor >= 0 { _ = Foundation.close(descriptor) } }

  /// Writes all of `data`; it is in the file when this returns.
  /// - Throws: `FileFailure`, as on a full disk.
  public func append(_ data: Data) throws(FileFailure) {
    let result = data.withUnsafeBytes { bytes in
      Result { () throws(FileFailure) in try append(bytes) }
    }
    try result.get()
  }

  /// The same for bytes in memory.
  /// - Throws: `FileFailure`, as on a full disk.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileFailure(path, count < 0 ? .last : SystemReason(EIO)) }
      rest = rest.dropFirst(count)
    }
  }

  /// Ends the writing; some file systems say only then that there was no space.
  /// - Throws: `FileFailure`.
  public func close() throws(FileFailure) {
    defer { descriptor = -1 }
    guard descriptor >= 0, Foundation.close(descriptor) != 0 else { return }
    throw FileFailure(path)
  }

  /// Gives the file the permissions of the one that it replaces.
  func take(mode: mode_t) { fchmod(descriptor, mode & 0o7777) }
}
