// SPDX-License-Identifier: Apache-2.0

public import Boundary
public import Foundation
internal import Inputs

extension MachineLimits {
  /// Where limits are kept between runs: `$XDG_CACHE_HOME/convscope`, or `~/.cache/convscope`.
  public static func cacheFile(machine: String) -> URL {
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    return base.appending(path: "convscope/limits-\(machine).json")
  }

  /// The limits kept for `machine`, if they are of this version and cover `workers` workers and
  /// every instruction set of `instructionSets`.
  public static func cached(
    machine: String, workers: Int, instructionSets: [String]
  ) -> MachineLimits? {
    let file = cacheFile(machine: machine).path(percentEncoded: false)
    guard let bytes = try? InputFile.bytes(file, limit: largestFile),
      (try? JSONNumbers.requireUniqueKeys(bytes)) != nil,
      let limits = try? JSONDecoder().decode(MachineLimits.self, from: Data(bytes)),
      limits.schema == currentSchema, limits.machine == machine, limits.isPlausible,
      limits.peaks.contains(where: { $0.workers == workers }),
      instructionSets.allSatisfy({ name in
        limits.peaks.contains { $0.instructionSet == name }
      })
    else { return nil }
    return limits
  }

  /// Whether these can have been measured.
  public var isPlausible: Bool {
    let rates = bandwidths.flatMap {
      [$0.readGBPerSecond, $0.writeGBPerSecond, $0.triadGBPerSecond]
    }
    return (peaks.map(\.gflopPerSecond) + rates + forkJoins.map(\.nanoseconds))
      .allSatisfy(Double.measured.contains)
  }

  /// What is kept of a machine is a few kilobytes.
  static let largestFile = 1 << 24

  /// Forgets what is kept for `machine`: it turned out to be wrong.
  public static func forget(machine: String) {
    try? FileManager.default.removeItem(at: cacheFile(machine: machine))
  }

  /// Keeps the limits for later runs.
  /// - Throws: `FileError`, which costs the time to measure them again.
  public func store() throws(FileError) {
    let file = Self.cacheFile(machine: machine)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(self) else { return }
    try Folder.make(file.deletingLastPathComponent())
    try WholeFile.write(data, to: file)
  }
}
