// SPDX-License-Identifier: Apache-2.0

public import Foundation

extension SystemReason {
  /// What opening a link without following it gives.
  static let link = SystemReason(ELOOP)
}

/// Files that this program writes: results, caches, tunings.
///
/// A link in the place of a file is never followed: whoever can put one into a folder of results
/// could otherwise have any file of the user's overwritten. What is written in one step is there
/// whole or not at all.
public enum OutputFile {
  /// Writes `data` into `file` in one step: under another name first, then moved over what is there.
  ///
  /// What is no regular file, such as a pipe or `/dev/null`, is written as it is.
  /// - Throws: `FileFailure`.
  public static func write(_ data: Data, to file: URL) throws(FileFailure) {
    try write(data, toPath: file.path(percentEncoded: false))
  }

  /// The same for a path.
  /// - Throws: `FileFailure`.
  public static func write(_ data: Data, toPath path: String) throws(FileFailure) {
    var status = stat()
    let exists = lstat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFLNK { throw FileFailure(path, .link) }
    guard !exists || status.st_mode & S_IFMT == S_IFREG else {
      return try AppendedFile(path, .emptied).append(data)
    }
    let unfinished = "\(path).\(getpid())-\(UInt32.random(in: 0...(.max))).unfinished"
    do throws(FileFailure) {
      let file = try AppendedFile(unfinished, .new)
      if exists { file.take(mode: status.st_mode) }
      try file.append(data)
      try file.close()
    } catch {
      unlink(unfinished)
      throw FileFailure(path: path, reason: error.reason)
    }
    guard rename(unfinished, path) == 0 else {
      let reason = SystemReason.last
      unlink(unfinished)
      throw FileFailure(path, reason)
    }
  }

  /// Makes `folder` and the folders above it, where they are missing.
  ///
  /// Links above it are followed, as everywhere; it may itself be one only where it `mayBeLink`:
  /// a folder that was named by the user, and not one inside of a folder of results.
  /// - Throws: `FileFailure`.
  public static func makeFolder(_ folder: URL, mayBeLink: Bool = true) throws(FileFailure) {
    let path = folder.path(percentEncoded: false)
    let bare = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var status = stat()
    if !mayBeLink, lstat(bare, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw FileFailure(bare, .link)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileFailure(path: bare, reason: SystemReason.text(of: error))
    }
  }
}
