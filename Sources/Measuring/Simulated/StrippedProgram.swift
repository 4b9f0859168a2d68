// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Foundation

/// A copy of a program without debugging information, which Valgrind 3.19 cannot read (it stops at
/// the DWARF that the Swift compiler writes).
///
/// It lies beside the program, because suites and counter groups are looked for above it, and is
/// made anew where the program is newer.
struct StrippedProgram {
  /// The copy.
  let path: String

  private static let suffix = ".simulated"

  /// Makes the copy of `program` where there is none, or an older one.
  /// - Throws: `SimulationError.failed`.
  init(of program: String) throws(SimulationError) {
    let original = URL(filePath: program).resolvingSymlinksInPath()
    let copy = original.deletingLastPathComponent()
      .appending(path: original.lastPathComponent + Self.suffix)
    path = copy.path(percentEncoded: false)
    // One process at a time: a copy that is replaced while it runs counts a few misses more.
    let descriptor = open(original.path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    flock(descriptor, LOCK_EX)
    if let built = Self.changed(original),
      let made = Self.changed(copy, like: built.owner) ?? Self.changed(copy, like: geteuid()),
      made.time >= built.time
    {
      return
    }
    do {
      try Self.strip(original, into: copy)
    } catch let error as SimulationError {
      throw error
    } catch let error as ChildError {
      throw .failed("no copy without debugging information: \(error); it comes with binutils")
    } catch {
      throw .failed("no copy without debugging information: \(SystemReason.text(of: error))")
    }
  }

  /// Under another name first, so that what is cut short leaves no copy.
  private static func strip(_ original: URL, into copy: URL) throws {
    let unfinished = copy.appendingPathExtension("\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: unfinished) }
    let finished = try Command([
      "strip", "--strip-debug", "-o", unfinished.path(percentEncoded: false),
      original.path(percentEncoded: false),
    ]).run()
    guard finished.isSuccess else {
      throw SimulationError.failed(
        "`strip` of binutils \(finished.fate) on \(original.lastPathComponent)")
    }
    // Also over an older copy, at once; FileManager has no such call.
    let paths = [unfinished, copy].map { $0.path(percentEncoded: false) }
    guard rename(paths[0], paths[1]) == 0 else {
      throw SimulationError.failed(
        "no copy without debugging information: \(String(cString: strerror(errno)))")
    }
  }

  /// When a file was written; nil where there is none, or one that somebody else may have put there:
  /// the copy is run.
  private static func changed(_ file: URL, like owner: uid_t? = nil) -> (time: Date, owner: uid_t)?
  {
    var status = stat()
    guard lstat(file.path(percentEncoded: false), &status) == 0,
      status.st_mode & S_IFMT == S_IFREG, owner.map({ $0 == status.st_uid }) ?? true
    else { return nil }
    let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
    return (Date(timeIntervalSince1970: seconds), status.st_uid)
  }
}
