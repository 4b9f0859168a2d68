// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file of others, read as a whole and never more of it than a limit.
public enum InputFile {
  /// Why a file cannot be read, in words.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what is accepted.
    public let description: String
    /// Whether the file can be read and is no text.
    public var isNoText = false
  }

  /// A named pipe is given up after so long without anybody who writes to it.
  static let patience = Duration.seconds(5)

  /// Bytes of what has no size, and so may have no end, whatever the limit is.
  private static let mostOfStream = 1 << 26

  /// What the file at `path` holds.
  ///
  /// A pipe is read to its end, as of `<(…)`; devices that never end stop at the limit.
  /// - Throws: `Fault` for a missing file, a folder, one that may not be opened, one that is larger
  ///   than `limit` bytes, and a pipe that nobody writes to.
  public static func bytes(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
    // Otherwise a pipe that nobody has open would stop us here for ever.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw fault(errno) }
    defer { close(file) }
    let limit = try most(of: file, limit: limit)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let end = ContinuousClock.now + patience
    var hasWriter = !isPipe(file)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // Somebody has it open and has not written yet.
        hasWriter = true
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
        continue
      }
      guard count >= 0 else { throw fault(errno) }
      if count == 0 {
        if hasWriter || wasClosed(file) { return bytes }
        guard ContinuousClock.now < end else {
          throw Fault(description: "this is a pipe that nobody writes to")
        }
        usleep(20_000)
        continue
      }
      hasWriter = true
      guard bytes.count + count <= limit else {
        throw tooLarge(limit)
      }
      bytes += buffer[..<count]
    }
  }

  /// Bytes to read at most; a regular file says at once that it has more.
  private static func most(of file: Int32, limit: Int) throws(Fault) -> Int {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return min(limit, mostOfStream)
    }
    guard Int(status.st_size) <= limit else { throw tooLarge(limit) }
    return limit
  }

  private static func tooLarge(_ limit: Int) -> Fault {
    Fault(description: "it is larger than \(limit) bytes, which is the limit")
  }

  private static func isPipe(_ file: Int32) -> Bool {
    var status = stat()
    return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Whether somebody had the pipe open since we have, and has left.
  private static func wasClosed(_ file: Int32) -> Bool {
    var one = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    return poll(&one, 1, 0) > 0 && one.revents & Int16(POLLHUP) != 0
  }

  /// What the file at `path` holds, as text; what a crash left behind the last line feed may be cut
  /// inside of a character.
  /// - Throws: `Fault`, also where that is no UTF-8.
  public static func text(
    _ path: String, limit: Int, allowsCutLine: Bool = false
  ) throws(Fault) -> String {
    let bytes = try bytes(path, limit: limit)
    let lastLine = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let end = allowsCutLine ? lastLine : bytes.count
    guard let text = String(validating: bytes[..<end], as: UTF8.self) else {
      throw Fault(description: "this is no UTF-8 text", isNoText: true)
    }
    return text + String(decoding: bytes[end...], as: UTF8.self)
  }

  private static func fault(_ code: Int32) -> Fault {
    switch code {
    case ENOENT: Fault(description: "there is no such file")
    case EISDIR: Fault(description: "this is a folder; accepted is a file")
    default: Fault(description: String(cString: strerror(code)))
    }
  }
}
