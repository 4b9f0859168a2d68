// SPDX-License-Identifier: Apache-2.0

internal import CFuzzing
internal import Foundation

/// `fuzz TARGET [libFuzzer's options] [CORPUS…]`: feeds one reader whatever libFuzzer thinks of.
///
/// A reader may refuse a text; it may not trap, hang, take a gigabyte, or read back other than what
/// it wrote. Each target goes on from the reader as far as the plan or the row that is judged.
@main
enum Fuzzing {
  /// The reader of this process; which one is asked for is known only from the command line.
  static let target = CommandLine.arguments.dropFirst().first.flatMap { FuzzTarget(rawValue: $0) }

  /// What stands in for a reader that traps, so that it can be seen that this would be found.
  static let isSelfTest = CommandLine.arguments.dropFirst().first == "self-test"

  static func main() {
    guard target != nil || isSelfTest else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      try? FileHandle.standardError.write(
        contentsOf: Data("usage: fuzz TARGET [OPTION…] [CORPUS…]; a TARGET is \(names)\n".utf8))
      exit(64)
    }
    let words = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
    var arguments = words.map { strdup($0) } + [nil]
    exit(
      cfuzzing_run(Int32(words.count), &arguments) { data, count in
        let text = [UInt8](UnsafeBufferPointer(start: data, count: count))
        require(!Fuzzing.isSelfTest || text.first != UInt8(ascii: "{"), "a brace, as planned")
        Fuzzing.target?.run(text)
        return 0
      })
  }
}
