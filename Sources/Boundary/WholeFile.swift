// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Files that are there whole or not at all, whenever the process or the machine stops.
public enum WholeFile {
  /// Puts `data` in place of what `file` was, with its permissions.
  ///
  /// It is written beside it and takes its name when all of it is on the disk. A link in its place is
  /// refused: whoever can put one into a folder of results could otherwise have any file of the
  /// user's overwritten. What is no file but a pipe or a device is written to.
  /// - Throws: `FileError`; an earlier file of this name is then as it was.
  public static func write(_ data: Data, to file: URL) throws(FileError) {
    let path = file.path(percentEncoded: false)
    var earlier = stat()
    let exists = lstat(path, &earlier) == 0
    if exists, try isStream(path, earlier) { return try send(data, to: path) }
    let unfinished = unfinished(file)
    unlink(unfinished)
    let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path) }
    if exists { fchmod(descriptor, earlier.st_mode & 0o7777) }
    do throws(FileError) {
      try descriptor.append(data, of: path)
      try descriptor.sync(path)
    } catch {
      close(descriptor)
      unlink(unfinished)
      throw error
    }
    guard close(descriptor) == 0, rename(unfinished, path) == 0 else {
      let code = errno
      unlink(unfinished)
      throw FileError(path: path, code: code)
    }
    sync(file.deletingLastPathComponent())
  }

  /// Sees whether `file` can be written, before what it shall hold takes minutes to make.
  /// - Throws: `FileError`.
  public static func check(_ file: URL) throws(FileError) {
    let path = file.path(percentEncoded: false)
    var earlier = stat()
    let exists = lstat(path, &earlier) == 0
    if exists, try isStream(path, earlier) { return }
    guard !exists || earlier.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(path: path, code: EISDIR)
    }
    let trial = unfinished(file)
    unlink(trial)
    let descriptor = open(trial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path) }
    close(descriptor)
    unlink(trial)
  }

  private static func unfinished(_ file: URL) -> String {
    file.deletingLastPathComponent().appending(
      path: ".\(file.lastPathComponent).\(Self.process).unfinished"
    ).path(percentEncoded: false)
  }

  /// Always of one length: under Valgrind a longer name would be other work.
  private static var process: String {
    let number = String(getpid())
    return String(repeating: "0", count: max(0, 10 - number.count)) + number
  }

  /// Whether what lies at a path has no content to replace, such as a pipe or /dev/stdout.
  private static func isStream(_ path: String, _ status: stat) throws(FileError) -> Bool {
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFDIR: return false
    case S_IFLNK:
      // The system's own links: replacing /dev/stdout would replace it for everybody.
      guard ["/dev/", "/proc/"].contains(where: path.hasPrefix) else {
        throw FileError(path: path, code: ELOOP)
      }
      return true
    default: return true
    }
  }

  private static func send(_ data: Data, to path: String) throws(FileError) {
    let descriptor = try stream(path)
    defer { close(descriptor) }
    try descriptor.append(data, of: path)
  }

  /// A named pipe is given up after so long without anybody who reads it.
  private static let patience = Duration.seconds(5)

  /// Opens what is written to; a pipe that nobody reads would stop us here for ever.
  private static func stream(_ path: String) throws(FileError) -> Descriptor {
    let end = ContinuousClock.now + patience
    while true {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        return descriptor
      }
      guard errno == ENXIO else { throw FileError(path: path) }
      guard ContinuousClock.now < end else {
        throw FileError(path: path, reason: "nobody reads from it")
      }
      usleep(20_000)
    }
  }

  /// Makes the new name last; some file systems cannot, and then it lasts when it lasts.
  private static func sync(_ folder: URL) {
    let descriptor = open(folder.path(percentEncoded: false), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
