// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// An open file.
typealias Descriptor = Int32

extension Descriptor {
  /// Writes all of `data`, or throws.
  func append(_ data: Data, of path: String) throws(FileError) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(self, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path, code: count < 0 ? errno : ENOSPC) }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns when what was written is on the disk; an error that waited until now is thrown.
  func sync(_ path: String) throws(FileError) {
    while fsync(self) != 0 {
      if errno == EINTR { continue }
      // What has no disk behind it needs no waiting.
      guard errno == EINVAL || errno == EROFS || errno == ENOTSUP else {
        throw FileError(path: path)
      }
      return
    }
  }

  /// What tells this file from others of the same name.
  var identity: FileIdentity? {
    var status = stat()
    return fstat(self, &status) == 0 ? FileIdentity(status) : nil
  }
}

/// What tells a file from others, whatever they are called.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let inode: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)  // widens
    inode = UInt64(status.st_ino)  // widens
  }

  /// The file that has this name now; nil where there is none.
  static func of(_ path: String) -> FileIdentity? {
    var status = stat()
    return lstat(path, &status) == 0 ? FileIdentity(status) : nil
  }
}
