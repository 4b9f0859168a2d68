// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation

/// A revision of this repository, built in a worktree of its own and kept for later gates.
///
/// The worktrees lie in `~/.cache/convscope/builds`, one per commit. The few that were used last are
/// kept: each takes some 200 MB.
enum RevisionBuild {
  /// What `--against` begins with where it names a revision.
  static let prefix = "git:"
  /// So many builds are kept.
  static let mostKept = 4
  /// Those that were used in so many seconds may be in use by another gate, and stay.
  static let inUse = 3600.0

  /// The program built from `revision`.
  /// - Throws: `GateError.noRevision` or `.noBuild`.
  static func program(_ revision: String) throws(GateError) -> String {
    let folder = try worktree(revision, try commit(revision))
    try? FileManager.default.setAttributes(
      [.modificationDate: Date()], ofItemAtPath: folder.path(percentEncoded: false))
    prune()
    return try build(folder, revision)
  }

  /// The hash of the commit that `revision` names.
  /// - Throws: `GateError.noRevision`, or `.noGit` where git cannot be asked.
  static func commit(_ revision: String) throws(GateError) -> String {
    let words = ["rev-parse", "--quiet", "--verify", "--end-of-options", "\(revision)^{commit}"]
    do throws(ChildError) {
      if let found = try output(["git", "-C", repository] + words) { return found }
    } catch {
      throw .noGit(reason: error.reason)
    }
    throw .noRevision(revision, repository: repository)
  }

  /// What `git` prints about this repository; nil where it fails.
  static func git(_ words: [String]) -> String? {
    try? output(["git", "-C", repository] + words)
  }

  private static var repository: String { ProjectFolder.url.path(percentEncoded: false) }

  /// Where the worktrees lie.
  private static var builds: URL { MachineDoctor.folder(machine: "").appending(path: "builds") }

  /// The commits whose builds are kept.
  static func kept() -> Set<String> {
    let path = builds.path(percentEncoded: false)
    return Set((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
  }

  /// Removes the builds of some commits.
  static func remove(_ commits: Set<String>) {
    for commit in commits.sorted() {
      let folder = builds.appending(path: commit)
      // What was stopped starts no git any more; git forgets a worktree whose folder is gone.
      if git(["worktree", "remove", "--force", folder.path(percentEncoded: false)]) == nil {
        try? FileManager.default.removeItem(at: folder)
      }
    }
  }

  /// Removes all worktrees but those that were used last.
  private static func prune() {
    let keys: [URLResourceKey] = [.contentModificationDateKey]
    let all =
      (try? FileManager.default.contentsOfDirectory(at: builds, includingPropertiesForKeys: keys))
      ?? []
    let used = all.map { url in
      (url, (try? url.resourceValues(forKeys: Set(keys)))?.contentModificationDate ?? Date())
    }
    let old = superfluous(used, now: Date()).map(\.lastPathComponent)
    for commit in old { Console.error("removing the build of \(commit.prefix(12)), used long ago") }
    remove(Set(old))
  }

  /// The folders that need not be kept.
  static func superfluous(_ used: [(folder: URL, at: Date)], now: Date) -> [URL] {
    used.sorted { $0.at > $1.at }.dropFirst(mostKept)
      .filter { now.timeIntervalSince($0.at) > inUse }.map(\.folder)
  }

  /// The commit's worktree, made where there is none.
  private static func worktree(
    _ revision: String, _ commit: String
  ) throws(GateError) -> URL {
    let folder = builds.appending(path: commit)
    let path = folder.path(percentEncoded: false)
    if !FileManager.default.fileExists(atPath: path) {
      Console.error("checking out \(revision) (\(commit.prefix(12))) into \(path)")
      guard git(["worktree", "add", "--detach", path, commit]) != nil else {
        throw .noBuild(revision, reason: "git worktree add failed for \(path)")
      }
    }
    return folder
  }

  /// Builds what is checked out in `folder`.
  private static func build(_ folder: URL, _ revision: String) throws(GateError) -> String {
    // The revision's own launcher builds it the way its users would; it does nothing where the
    // program is up to date.
    Console.error("building \(revision); the first time takes as long as any build")
    let launcher = folder.appending(path: "convscope").path(percentEncoded: false)
    guard (try? output([launcher, "--no-install", "--version"])) != nil else {
      throw .noBuild(revision, reason: "\(launcher) --version failed; run it to see why")
    }
    let program = folder.appending(path: ".build/release/convscope").path(percentEncoded: false)
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw .noBuild(revision, reason: "there is no \(program)")
    }
    return program
  }

  /// What a command prints, without white space at its ends; nil where it fails.
  private static func output(_ command: [String]) throws(ChildError) -> String? {
    var command = Command(command)
    command.output = .pipe
    let finished = try command.run()
    guard finished.isSuccess else { return nil }
    return String(decoding: finished.output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
