// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A file that grows by whole pieces: a piece is in it, or it is as it was before.
public final class AppendedFile {
  private let path: String
  private let descriptor: Descriptor
  private var length: Int

  /// Begins a file with `beginning`, in place of an earlier one.
  /// - Throws: `FileError`.
  public convenience init(_ file: URL, beginning: Data) throws(FileError) {
    try WholeFile.write(beginning, to: file)
    try self.init(continuing: file)
  }

  /// Continues a file behind its end; a link is not followed.
  /// - Throws: `FileError`.
  public init(continuing file: URL) throws(FileError) {
    path = file.path(percentEncoded: false)
    // A pipe in its place is an error, and nothing to wait for.
    let flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let opened = open(path, flags)
    guard opened >= 0 else { throw FileError(path: path) }
    descriptor = opened
    length = lseek(opened, 0, SEEK_END)
  }

  deinit { close(descriptor) }

  /// Appends `data`; it is in the file when this returns.
  /// - Throws: `FileError`, as on a full disk; nothing of `data` is then in the file.
  public func append(_ data: Data) throws(FileError) {
    do throws(FileError) {
      try descriptor.append(data, of: path)
    } catch {
      ftruncate(descriptor, length)
      throw error
    }
    length += data.count
  }

  /// Returns when what was appended is on the disk, under the name that the file was opened with.
  /// - Throws: `FileError`; also where somebody has removed or moved the file, which writing to it
  ///   would not notice.
  public func settle() throws(FileError) {
    guard let identity = descriptor.identity, identity == FileIdentity.of(path) else {
      throw FileError(path: path, reason: "it was removed or moved while it was being written")
    }
    try descriptor.sync(path)
  }
}
