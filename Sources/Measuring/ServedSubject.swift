// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import ExternalPeers
public import Planning
internal import Suites

/// An entry of a plan that another build computes: `convscope serve`.
public final class ServedSubject: Visited {
  /// What the build computes it with, where it says so.
  public let implementation: String?
  private let contender: ExternalPeers.ExternalContender
  private let handle: ExternalPeers.ExternalContender.Handle

  /// Has `contender` prepare an entry; a build that knows no plans is given convolutions.
  /// - Parameters:
  ///   - entry: What it computes.
  ///   - seed: That of the run, for the tensors.
  ///   - contender: The process.
  ///   - asData: Whether it is given the entry as data; else the tensors of a single convolution.
  ///   - checks: Whether the output is compared with the reference first.
  /// - Throws: `SubjectFailure`.
  public init(
    _ entry: PlanEntry, seed: UInt64, by contender: ExternalPeers.ExternalContender, asData: Bool,
    checks: Bool
  ) throws(SubjectFailure) {
    self.contender = contender
    handle = try SubjectFailure.naming {
      try asData
        ? contender.prepare(
          entry: ServedEntry(entry, seed: seed).json, verifies: checks,
          macs: entry.suiteCase.cost.macsInsideImage, workers: entry.workers)
        : ServedSubject.convolution(entry, seed, contender, checks)
    }
    implementation = handle.implementation
  }

  private static func convolution(
    _ entry: PlanEntry, _ seed: UInt64, _ contender: ExternalPeers.ExternalContender, _ checks: Bool
  ) throws -> ExternalPeers.ExternalContender.Handle {
    guard !entry.suiteCase.isBlock, entry.suiteCase.dataType == .f32, entry.cache == .warm,
      entry.pattern == KernelSelection.bestPattern
    else {
      throw SubjectFailure.unsupported(
        "one of the builds is too old for entries of a plan, so only convolutions with warm caches "
          + "and the best kernel are compared")
    }
    let data = try CaseData(entry.suiteCase, runSeed: seed)
    let subject = try ExternalSubject(entry, contender: contender, data: data)
    if checks, let fault = try subject.verify(ReferenceCache(isSampled: true)).fault {
      throw SubjectFailure.wrong(fault.reason)
    }
    return subject.handle
  }

  /// Has the build compute; its own clock counts.
  /// - Throws: `SubjectFailure`.
  public func sample(iterations: Int, warmUp: Int) throws -> Sample {
    try SubjectFailure.naming {
      let run = try contender.observedRun(handle, iterations: iterations, warmUp: warmUp)
      guard contender.warmsUp != false else {
        throw SubjectFailure.unsupported(
          "it is too old for a warm-up in one go with what is timed, so its times are no match")
      }
      return Sample(run, iterations)
    }
  }
}

extension Sample {
  /// What a contender says of a visit.
  init(_ run: ServedRun, _ iterations: Int) {
    self.init(
      nanoseconds: run.nanoseconds, iterations: iterations,
      lost: run.waitedNanoseconds.map {
        [LostTime(nanoseconds: $0, switches: run.contextSwitches ?? 0)]
      }, migrations: run.migrations, stolenNanoseconds: run.stolenNanoseconds)
  }
}
