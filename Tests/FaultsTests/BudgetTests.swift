// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("A run whose time is over", .serialized)
struct BudgetTests {
  private func rows(_ folder: URL) -> [String: [String]] {
    let lines = ResultFiles(folder: folder).lines("measurements").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let columns = lines.first else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: columns.enumerated().map { place, name in
        (name, lines.dropFirst().map { $0[place] })
      })
  }

  @Test("keeps what it measured, says what it did not, and measures that when it is continued")
  func resumed() throws {
    try Scratch.withFolder { folder in
      let batch = folder.appending(path: "few.txt")
      let lines = (1...12).map { "ic8ih\(4 + $0)oc8kh1" }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: batch)
      let output = folder.appending(path: "run")
      // Six rounds of 12 groups, of a quarter of a millisecond each, take longer.
      let cut = try Scratch.run(
        [
          "run", batch.path(), "--workers", "1", "--budget", "0.01s", "--precision", "50%",
          "--output", output.path(), "--no-progress",
        ], in: folder)
      #expect(cut.code == 4, "\(cut.errors)")
      #expect(cut.errors.contains("the budget was spent before"), "\(cut.errors)")
      let files = ResultFiles(folder: output)
      try files.check()
      #expect(files.groups < 12)
      let found = rows(output)
      #expect(found["status"]?.count == 12)
      #expect(found["status"]?.last == "budget")
      #expect(found["reason"]?.last == "the budget of 0.01 s was spent: stopped before it began")
      #expect(try files.record("interrupted") as? Bool == false)

      let finished = files.finished
      let rest = try Scratch.run(
        ["run", "--resume", output.path(), "--budget", "60s", "--no-progress"], in: folder)
      #expect([0, 4].contains(rest.code), "\(rest.errors)")
      #expect(files.groups == 12)
      #expect(rows(output)["status"]?.count == 12)
      #expect(rows(output)["status"]?.contains("budget") == false)
      #expect(zip(finished, files.finished).allSatisfy { $1.hasPrefix($0) })
    }
  }

  @Test("ends a contender that never answers, and what that has started")
  func deafContender() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let identifiers = folder.appending(path: "identifiers")
      let peer = "own=\(Scratch.deaf.path()) \(identifiers.path())"
      let end = try Scratch.run(
        [
          "run", Scratch.one.path(), "--workers", "1", "--budget", "2s", "--kernels", "best,own",
          "--peer", peer, "--output", output.path(), "--no-progress",
        ], in: folder)
      #expect(end.code == 4, "\(end.errors)")
      #expect(rows(output)["status"]?.last == "budget")
      #expect(rows(output)["reason"]?.last?.contains("stopped while it was prepared") == true)
      let processes = (try? String(contentsOf: identifiers, encoding: .utf8)) ?? ""
      for process in processes.split(whereSeparator: \.isWhitespace).compactMap({ Int32($0) }) {
        #expect(ProcessTable.isGone(process))
      }
    }
  }
}
