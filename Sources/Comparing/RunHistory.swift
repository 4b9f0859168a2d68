// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Folders of runs: one of them, or a history that holds many.
public enum RunHistory {
  /// The folder itself where it is a run's; of a history, the newest complete run of each suite on
  /// each machine, in the order of their names.
  ///
  /// Their comparisons are enough, so that rounds may have been left behind.
  ///
  /// A history has its runs in its own folder, or in one folder for each machine or kind of node.
  /// - Throws: `ComparingError.missing` where there is no such folder, and `.malformed` where it is
  ///   neither.
  public static func runs(_ folder: URL) throws(ComparingError) -> [StoredRun] {
    let path = folder.path(percentEncoded: false)
    guard isFolder(folder) else { throw .missing(path: path) }
    guard !hasRecord(folder) else { return [try StoredRun(folder, needsRounds: false)] }
    let candidates = subfolders(folder).flatMap { hasRecord($0) ? [$0] : subfolders($0) }
      .filter(hasRecord)
    guard !candidates.isEmpty else {
      throw .malformed(
        path: path,
        reason: "it has no run.json, and no folder of it has one; accepted is the "
          + "folder of a run, or of a history")
    }
    let chosen = try newest(candidates)
    guard !chosen.isEmpty else {
      throw .malformed(path: path, reason: "none of its \(candidates.count) runs came to its end")
    }
    var runs: [StoredRun] = []
    for folder in candidates where chosen.contains(folder) {
      runs.append(try StoredRun(folder, needsRounds: false))
    }
    return runs
  }

  /// The folders that have the newest complete run of a suite on a machine.
  private static func newest(_ candidates: [URL]) throws(ComparingError) -> Set<URL> {
    var newest: [[String]: (startedAt: String, folder: URL)] = [:]
    for candidate in candidates {
      let record = try StoredRun.record(candidate.appending(path: "run.json"))
      // A night that was stopped is no night.
      guard let startedAt = record["startedAt"] as? String, record["endedAt"] is String,
        record["interrupted"] as? Bool != true
      else { continue }
      let facts = FlatJSON.flattened(record["environment"] ?? [:], under: "")
      let machine = machineKeys.map { facts[$0] ?? "" }
      for suite in record["suites"] as? [String] ?? [] {
        let key = machine + [suite]
        if newest[key].map({ $0.startedAt < startedAt }) ?? true {
          newest[key] = (startedAt, candidate)
        }
      }
    }
    return Set(newest.values.map(\.folder))
  }

  /// What tells machines and CPU sets apart.
  private static let machineKeys = ["machine", "fingerprint", "allowedCPUs", "cgroupCPUQuota"]

  private static func hasRecord(_ folder: URL) -> Bool {
    FileManager.default.fileExists(
      atPath: folder.appending(path: "run.json").path(percentEncoded: false))
  }

  private static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }

  /// The visible folders in a folder, sorted.
  private static func subfolders(_ folder: URL) -> [URL] {
    let found = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles)
    return (found ?? []).filter(isFolder)
      .sorted { $0.path(percentEncoded: false) < $1.path(percentEncoded: false) }
  }
}
