// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs
public import Planning
public import Suites

/// An entry of a plan for another build: the case as data, and what computes it as a pattern, since
/// the other build may have other kernels and chooses among its own.
public struct ServedEntry: Codable, Hashable, Sendable {
  /// Raised when builds with another number could not read it, or would compute something else.
  public static let version = 1

  /// What is computed.
  public var suiteCase: SuiteCase
  /// What computes it: `best`, or the id of a variant.
  public var kernel: String
  /// Number of workers.
  public var workers: Int
  /// Which data lies in the caches when an iteration starts.
  public var cache: CacheState
  /// Seed of the tensors.
  public var seed: UInt64

  /// An entry whose tensors are those of a run from `seed`.
  public init(_ entry: PlanEntry, seed: UInt64) {
    suiteCase = entry.suiteCase
    kernel = entry.pattern
    workers = entry.workers
    cache = entry.cache
    self.seed = seed
  }

  /// Reads what `json` wrote.
  /// - Throws: `SubjectFailure.failed` for anything else.
  init(json: String) throws(SubjectFailure) {
    do {
      self = try Self.decoded(json.utf8)
    } catch {
      let reason = (error as? DecodingError)?.words(in: json.utf8) {
        (try? Self.decoded($0)) != nil
      }
      throw .failed("entry is none of form \(Self.version): \(reason ?? "no JSON object")")
    }
    if let fault = suiteCase.fault { throw .failed("entry: \(fault)") }
  }

  private static func decoded(_ bytes: some Collection<UInt8>) throws -> Self {
    try JSONNumbers.requireUniqueKeys(bytes)
    return try JSONDecoder().decode(Self.self, from: Data(bytes))
  }

  /// As `prepare` of the contender protocol has it.
  var json: String {
    get throws { String(decoding: try TaskCoding.encoded(self), as: UTF8.self) }
  }
}
