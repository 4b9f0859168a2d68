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

  /// What the file at `path` holds.
  ///
  /// A pipe is read to its end, as of `<(…)`; devices that never end stop at the limit.
  /// - Throws: `Fault` for a missing file, a folder, one that may not be opened, and one that is
  ///   larger than `limit` bytes.
  public static func bytes(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw fault(errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(errno) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw Fault(description: "it is larger than \(limit) bytes, which is the limit")
      }
      bytes += buffer[..<count]
    }
  }

  /// What the file at `path` holds, as text.
  /// - Throws: `Fault`, also where that is no UTF-8.
  public static func text(_ path: String, limit: Int) throws(Fault) -> String {
    guard let text = String(validating: try bytes(path, limit: limit), as: UTF8.self) else {
      throw Fault(description: "this is no UTF-8 text", isNoText: true)
    }
    return text
  }

  private static func fault(_ code: Int32) -> Fault {
    switch code {
    case ENOENT: Fault(description: "there is no such file")
    case EISDIR: Fault(description: "this is a folder; accepted is a file")
    default: Fault(description: String(cString: strerror(code)))
    }
  }
}
