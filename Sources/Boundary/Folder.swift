// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Folders, with the system's own words where something cannot be done.
public enum Folder {
  /// Makes a folder and those above it, as far as they are missing.
  ///
  /// Links above it are followed, as everywhere; it may itself be one only where it `mayBeLink`:
  /// a folder that was named by the user, and not one inside of a folder of results.
  /// - Throws: `FileError`.
  public static func make(_ folder: URL, mayBeLink: Bool = true) throws(FileError) {
    let named = folder.path(percentEncoded: false)
    let path = named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
    if !mayBeLink, isLink(path) { throw FileError(path: path, code: ELOOP) }
    if mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST where isFolder(path): return
    case ENOENT where folder.pathComponents.count > 1:
      let parent = folder.deletingLastPathComponent()
      // A folder whose parent is itself cannot be made.
      guard parent.path(percentEncoded: false) != named else { throw FileError(path: path) }
      try make(parent)
      guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
        throw FileError(path: path)
      }
    default: throw FileError(path: path)
    }
  }

  /// The names of what is in a folder.
  /// - Throws: `FileError`.
  public static func names(in folder: URL) throws(FileError) -> [String] {
    let path = folder.path(percentEncoded: false)
    guard let stream = opendir(path) else { throw FileError(path: path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Gives a file or folder another name, where none has it yet.
  /// - Throws: `FileError`.
  public static func move(_ source: URL, to target: URL) throws(FileError) {
    let (from, to) = (source.path(percentEncoded: false), target.path(percentEncoded: false))
    var status = stat()
    guard lstat(to, &status) != 0 else { throw FileError(path: to, code: EEXIST) }
    guard rename(from, to) == 0 else { throw FileError(path: from) }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
