// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation

/// A revision of this repository, built in a worktree of its own and kept for later gates.
///
/// The worktrees lie in `~/.cache/convscope/builds`, one per commit; remove them with
/// `git worktree remove`.
enum RevisionBuild {
  /// What `--against` begins with where it names a revision.
  static let prefix = "git:"

  /// The program built from `revision`.
  /// - Throws: `GateError.noRevision` or `.noBuild`.
  static func program(_ revision: String) throws(GateError) -> String {
    let repository = ProjectFolder.url.path(percentEncoded: false)
    let found = output([
      "git", "-C", repository, "rev-parse", "--quiet", "--verify", "--end-of-options",
      "\(revision)^{commit}",
    ])
    guard let commit = found else { throw .noRevision(revision, repository: repository) }
    return try build(try worktree(revision, commit, of: repository), revision)
  }

  /// The commit's worktree, made where there is none.
  private static func worktree(
    _ revision: String, _ commit: String, of repository: String
  ) throws(GateError) -> URL {
    let folder = MachineDoctor.folder(machine: "").appending(path: "builds/\(commit)")
    let path = folder.path(percentEncoded: false)
    if !FileManager.default.fileExists(atPath: path) {
      Console.error("checking out \(revision) (\(commit.prefix(12))) into \(path)")
      let arguments = ["git", "-C", repository, "worktree", "add", "--detach", path, commit]
      guard output(arguments) != nil else {
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
    guard output([launcher, "--no-install", "--version"]) != nil else {
      throw .noBuild(revision, reason: "\(launcher) --version failed; run it to see why")
    }
    let program = folder.appending(path: ".build/release/convscope").path(percentEncoded: false)
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw .noBuild(revision, reason: "there is no \(program)")
    }
    return program
  }

  /// What a command prints, without white space at its ends; nil where it fails.
  private static func output(_ command: [String]) -> String? {
    var command = Command(command)
    command.output = .pipe
    guard let finished = try? command.run(), finished.isSuccess else { return nil }
    return String(decoding: finished.output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
