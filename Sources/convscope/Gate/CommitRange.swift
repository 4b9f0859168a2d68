// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The commits from a good one to a bad one, in order, along first parents.
struct CommitRange {
  /// The commits' hashes; the first is the good one.
  let commits: [String]

  /// Reads `GOOD..BAD`.
  /// - Throws: `UsageError` where it is no such range, `GateError.noRevision`.
  init(_ text: String) throws {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, !ends[0].isEmpty, !ends[1].hasPrefix(".") else {
      throw UsageError.invalidValue(option: "the range", value: text, accepted: "GOOD..BAD")
    }
    let good = try RevisionBuild.commit(ends[0])
    let bad = try RevisionBuild.commit(ends[1].isEmpty ? "HEAD" : ends[1])
    let listed = RevisionBuild.git(["rev-list", "--first-parent", "--reverse", "\(good)..\(bad)"])
    let between = (listed ?? "").split(separator: "\n").map(String.init)
    guard !between.isEmpty,
      RevisionBuild.git(["merge-base", "--is-ancestor", good, bad]) != nil
    else {
      throw UsageError.invalidValue(
        option: "the range", value: text, accepted: "a commit and one that comes after it")
    }
    commits = [good] + between
  }

  /// The hash, short, and the subject of a commit.
  func title(_ place: Int) -> String {
    RevisionBuild.git(["log", "-1", "--format=%h %s", commits[place]]) ?? commits[place]
  }
}
