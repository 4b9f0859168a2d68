// SPDX-License-Identifier: Apache-2.0

internal import Foundation

extension CounterGroup {
  /// The group that `name` stands for: a path to a group file (it has a `/` or ends in `.txt`),
  /// events separated by commas (`PAPI_TOT_INS,perf::CYCLES`), or a file `NAME.txt` in one of
  /// `directories`, the first that has it.
  /// - Throws: `CounterGroupError` where there is no such group or it cannot be read.
  public static func named(
    _ name: String, searching directories: [String]
  ) throws(CounterGroupError) -> CounterGroup {
    if name.contains("/") || name.hasSuffix(".txt") { return try CounterGroup(contentsOf: name) }
    for directory in directories {
      let path = directory + "/" + name + ".txt"
      if FileManager.default.fileExists(atPath: path) { return try CounterGroup(contentsOf: path) }
    }
    let events = name.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let isEventList = events.allSatisfy { $0.hasPrefix("PAPI_") || $0.contains(":") }
    if isEventList, !events.isEmpty {
      guard events.count <= mostEvents else {
        throw .tooManyEvents(accepted: mostEvents)
      }
      if let long = events.first(where: { $0.utf8.count > longestEventName }) {
        throw .eventNameTooLong(name: long, file: nil, accepted: longestEventName)
      }
      return CounterGroup(eventNames: events)
    }
    throw .unknownGroup(name: name, accepted: names(in: directories))
  }

  /// The names of the groups in `directories`, in alphabetical order.
  public static func names(in directories: [String]) -> [String] {
    let files = directories.flatMap { directory in
      (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
    return Set(files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }).sorted()
  }
}
