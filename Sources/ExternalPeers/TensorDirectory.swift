// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
internal import Foundation

/// A folder of its own for the files in which tensors pass between two processes.
///
/// It lies in shared memory where there is room and in the temporary folder otherwise (containers
/// often have 64 MB of shared memory). A lock that dies with this process marks it as in use, so
/// that a later run can remove what a killed one left in memory.
final class TensorDirectory {
  private static let prefix = "convscope-tensors-"
  /// Before it is locked, a folder has a name that no other process takes for one left behind.
  private static let unlockedPrefix = "convscope-new-"
  private var folders: [URL] = []
  private var locks: [Int32] = []
  private var serial = 0

  /// Folders are made when the first tensor needs them.
  init() {}

  deinit { remove() }

  /// Removes the folders and what is in them.
  func remove() {
    for folder in folders { try? FileManager.default.removeItem(at: folder) }
    for lock in locks { close(lock) }
    folders = []
    locks = []
  }

  /// Writes `values` as raw little-endian floats and gives the path.
  func write(_ values: TensorValues, as name: String) throws(ExternalError) -> String {
    let path = try reserve(bytes: values.count * ElementType.f32.bytes, as: name)
    try TensorFile.write(values, to: path)
    return path
  }

  /// Reads `count` floats, and removes the file.
  func take(_ path: String, count: Int) throws(ExternalError) -> TensorValues {
    defer { discard(path) }
    return try TensorFile.read(path, count: count)
  }

  /// Removes a file; a mapping that the contender holds stays valid.
  func discard(_ path: String) {
    unlink(path)
  }

  /// A path for a new file where `bytes` fit.
  func reserve(bytes: Int, as name: String) throws(ExternalError) -> String {
    serial += 1
    let temporary = FileManager.default.temporaryDirectory
    var last = ExternalError.file(path: temporary.path, reason: "no folder")
    for (place, parent) in [URL(fileURLWithPath: "/dev/shm"), temporary].enumerated() {
      do throws(ExternalError) {
        if folders.count <= place { try open(parent) }
        let path = folders[place].appendingPathComponent("\(name)-\(serial).f32").path
        try probe(path, bytes: bytes)
        return path
      } catch {
        last = error
      }
    }
    throw last
  }

  /// Finds out whether `bytes` fit: writing past the end of shared memory would be a signal.
  private func probe(_ path: String, bytes: Int) throws(ExternalError) {
    let file = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
    let failure = posix_fallocate(file, 0, max(bytes, 1))
    close(file)
    unlink(path)
    guard failure == 0 else { throw .file(path: path, reason: String(cString: strerror(failure))) }
  }

  private func open(_ parent: URL) throws(ExternalError) {
    Self.sweep(parent)
    let name = UUID().uuidString
    let folder = parent.appendingPathComponent(Self.prefix + name)
    // The place is counted also where that fails, so that the next one keeps its number.
    folders.append(folder)
    let unlocked = parent.appendingPathComponent(Self.unlockedPrefix + name)
    do {
      try FileManager.default.createDirectory(
        at: unlocked, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      lock(unlocked)
      try FileManager.default.moveItem(at: unlocked, to: folder)
    } catch {
      try? FileManager.default.removeItem(at: unlocked)
      throw .file(path: folder.path, reason: SystemReason.text(of: error))
    }
  }

  /// Marks a folder as in use, also under another name, until this process ends.
  private func lock(_ folder: URL) {
    let lock = Foundation.open(
      folder.appendingPathComponent("lock").path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC,
      0o600)
    guard lock >= 0 else { return }
    flock(lock, LOCK_EX | LOCK_NB)
    locks.append(lock)
  }

  /// Removes the folders whose process is gone.
  private static func sweep(_ parent: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let folder = parent.appendingPathComponent(name)
      let lock = Foundation.open(
        folder.appendingPathComponent("lock").path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
      guard lock >= 0 else { continue }
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(at: folder) }
      close(lock)
    }
  }
}
