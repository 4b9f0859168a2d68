// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs
internal import Planning
internal import Suites

extension PlanOptions {
  /// What the command line asks for: kernels, workers, caches and cases.
  init(_ arguments: Arguments) throws(UsageError) {
    self.init(kernels: try arguments.list("--kernels"))
    for text in arguments.all("--peer") {
      let name = try RunOptions.peer(text).name
      if !addedKernels.contains(name) { addedKernels.append(name) }
    }
    for word in try arguments.list("--workers") {
      guard let count = Int(reading: word, in: 1...Int.max) else {
        throw .invalidValue(option: "--workers", value: word, accepted: "whole numbers from 1")
      }
      // `1,01` is the same count twice.
      if !workers.contains(count) { workers.append(count) }
    }
    for word in try arguments.list("--cache") {
      guard let state = CacheState(rawValue: word) else {
        throw .invalidValue(
          option: "--cache", value: word,
          accepted: CacheState.allCases.map(\.rawValue).joined(separator: ", "))
      }
      caches.append(state)
    }
    only = try Self.only(arguments)
  }

  private static func only(
    _ arguments: Arguments
  ) throws(UsageError) -> (pattern: String, matches: @Sendable (String) -> Bool)? {
    guard let pattern = arguments.value("--only") else { return nil }
    guard (try? Regex(pattern)) != nil else {
      throw .invalidValue(option: "--only", value: pattern, accepted: "a regular expression")
    }
    return (pattern, { name in ((try? Regex(pattern).firstMatch(in: name)) ?? nil) != nil })
  }
}
