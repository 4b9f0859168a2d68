// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A lock that one process has, until it lets go or ends in whatever way.
///
/// The lock is the kernel's (flock(2)) on a file that says who has it; the file alone means nothing.
public final class FileLock: Sendable {
  /// Why there is no lock.
  public enum Refusal: Error, Hashable, Sendable {
    /// Somebody else has it.
    case held(by: String)
    /// The file cannot be made.
    case failed(FileError)
  }

  private let path: String
  private let descriptor: Descriptor

  /// Takes the lock of the file at `file`, which need not exist.
  /// - Parameters:
  ///   - file: The file; removed when the lock is given back.
  ///   - waits: Whether to wait for somebody who has it.
  /// - Throws: `Refusal`.
  public init(_ file: URL, waits: Bool) throws(Refusal) {
    path = file.path(percentEncoded: false)
    descriptor = try Self.open(path, waits: waits)
    ftruncate(descriptor, 0)
    // For people; a full disk is no reason not to have the lock.
    try? descriptor.append(
      Data("process \(getpid()), since \(Date().formatted(.iso8601))\n".utf8), of: path)
  }

  deinit {
    // Before it is let go: nobody else can have taken it yet. Where somebody has removed it, another
    // file may have its name by now.
    if descriptor.identity == FileIdentity.of(path) { unlink(path) }
    close(descriptor)
  }

  private static func open(_ path: String, waits: Bool) throws(Refusal) -> Descriptor {
    while true {
      let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw .failed(FileError(path: path)) }
      guard lock(descriptor, waits: waits) else {
        let owner = owner(descriptor)
        close(descriptor)
        throw .held(by: owner)
      }
      // Who had it may have removed the file while we waited: then this is no longer the lock.
      if descriptor.identity == FileIdentity.of(path) { return descriptor }
      close(descriptor)
    }
  }

  /// False where somebody else has it; a file system without locks has nobody who could.
  private static func lock(_ descriptor: Descriptor, waits: Bool) -> Bool {
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      return errno != EWOULDBLOCK
    }
    return true
  }

  private static func owner(_ descriptor: Descriptor) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let line = text.prefix { $0 != "\n" }
    return line.isEmpty ? "another process" : String(line)
  }
}
