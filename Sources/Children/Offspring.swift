// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// What children start, were it in process groups of its own.
///
/// A process that calls setsid(2) is in no group of ours any more, and one whose parent ends is nobody's
/// child. What it keeps is its environment: each child has a mark there, which all that it starts
/// inherits.
enum Offspring {
  /// The variable with the marks, a space before and behind each: one for every program of ours on
  /// the way.
  static let variable = "CONVSCOPE_CHILDREN"

  /// What the marks of all our children begin with, and nobody else's.
  static let family = " " + String(UInt64.random(in: 0...UInt64.max), radix: 16) + "."

  private static let count = Atomic(0)

  /// A mark for one child, with the spaces around it.
  static func newMark() -> String {
    "\(family)\(count.add(1, ordering: .relaxed).newValue) "
  }

  /// The word that a child with `mark` has in its environment.
  static func word(_ mark: String) -> String {
    let inherited = getenv(variable).map { String(cString: $0) } ?? ""
    return "\(variable)=\(inherited)\(mark)"
  }

  /// Ends every process with `mark` and every descendant of `leader` but itself.
  ///
  /// A look at all processes takes some milliseconds, and what is started meanwhile needs another.
  static func end(_ mark: String, of leader: Int32) {
    for _ in 0..<mostLooks {
      let found = descendants(of: leader).union(carriers(of: mark)).subtracting([leader])
      if found.isEmpty { return }
      for process in found { kill(process, SIGKILL) }
    }
  }

  private static let mostLooks = 8

  private static var processes: [Int32] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
      .compactMap(number)
  }

  private static func number(_ text: some StringProtocol) -> Int32? { .init(text, radix: 10) }

  /// The living processes whose environment has `mark`.
  private static func carriers(of mark: String) -> Set<Int32> {
    let bytes = Data(mark.utf8)
    return Set(
      processes.filter { process in
        // That of a zombie is empty, that of others cannot be read.
        FileManager.default.contents(atPath: "/proc/\(process)/environ")?.range(of: bytes) != nil
      })
  }

  /// The living processes that `ancestor` has started, and what those have.
  private static func descendants(of ancestor: Int32) -> Set<Int32> {
    let children = Dictionary(grouping: processes.compactMap(parent), by: \.parent)
    var (found, open) = (Set<Int32>(), [ancestor])
    while let next = open.popLast() {
      let new = (children[next] ?? []).map(\.process).filter { found.insert($0).inserted }
      open += new
    }
    return found
  }

  /// A process and its parent; nil where it is gone or a zombie.
  private static func parent(of process: Int32) -> (process: Int32, parent: Int32)? {
    let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") ?? Data()
    // The name in parentheses may hold anything.
    let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?
      .split(separator: " ")
    guard let fields, fields.count > 1, fields[0] != "Z" else { return nil }
    return number(fields[1]).map { (process, $0) }
  }
}
