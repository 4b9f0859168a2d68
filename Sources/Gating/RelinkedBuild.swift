// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
public import Foundation

/// A build of the same objects, linked with its functions in another order.
///
/// Where a function lies decides which lines, pages and branch entries it shares with others, so code
/// that nobody changed may run some per cent faster or slower when something else was changed.
public struct RelinkedBuild: Sendable {
  /// The program.
  public let program: URL
  private let folder: URL

  /// Links the objects of `program` anew, beside it, where its libraries are found.
  /// - Parameters:
  ///   - program: A program that lies where `swift build` put it.
  ///   - seed: Of the order.
  /// - Throws: `RelinkError`.
  public init(of program: URL, seed: Int) throws(RelinkError) {
    let original = program.resolvingSymlinksInPath()
    folder = original.deletingLastPathComponent()
    self.program = folder.appending(path: "\(original.lastPathComponent)-relinked-\(seed)")
    let words = try Self.words(of: original)
    guard let place = words.firstIndex(of: "-o"), place + 1 < words.count else {
      throw .noCommand(program: program.path(percentEncoded: false))
    }
    var changed = words
    changed[place + 1] = self.program.path(percentEncoded: false)
    changed += ["-use-ld=lld", "-Xlinker", "--shuffle-sections=*=\(seed)"]
    var command = Command(changed)
    command.error = .nothing
    let finished: Command.Finished
    do {
      finished = try command.run()
    } catch {
      throw .failed("\(error)")
    }
    guard finished.isSuccess else { throw .failed("\(changed[0]) \(finished.fate)") }
  }

  /// Removes it.
  public func remove() { try? FileManager.default.removeItem(at: program) }

  /// The words that SwiftPM links `program` with, from its plan of the build.
  private static func words(of program: URL) throws(RelinkError) -> [String] {
    let folder = program.deletingLastPathComponent()
    let plan = folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "\(folder.lastPathComponent).yaml")
    let path = program.path(percentEncoded: false)
    guard let text = try? String(contentsOf: plan, encoding: .utf8),
      let words = words(in: text, program: path)
    else { throw .noCommand(program: path) }
    return words
  }

  /// The same in the plan's text.
  static func words(in plan: String, program: String) -> [String]? {
    for line in plan.split(separator: "\n") {
      guard let list = line.firstMatch(of: /^\s*args: (\[.*\])$/)?.1,
        let words = try? JSONDecoder().decode([String].self, from: Data(list.utf8)),
        words.contains("-emit-executable"), let place = words.firstIndex(of: "-o"),
        place + 1 < words.count,
        URL(filePath: words[place + 1]).lastPathComponent
          == URL(filePath: program).lastPathComponent
      else { continue }
      return words
    }
    return nil
  }
}

/// Why a build cannot be linked anew.
public enum RelinkError: Error, Hashable, Sendable {
  /// Nobody knows how the program was linked.
  case noCommand(program: String)
  /// The linker failed.
  case failed(String)
}

extension RelinkError: CustomStringConvertible {
  /// One line with what is needed.
  public var description: String {
    switch self {
    case .noCommand(let program):
      "\(program) does not lie in the folder that `swift build` made, so it is not known how it was "
        + "linked"
    case .failed(let reason): "linking with lld failed: \(reason)"
    }
  }
}
