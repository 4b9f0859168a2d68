// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Comparing
internal import Convolution
internal import Counters
internal import Foundation
internal import Gating
internal import Inputs
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites
internal import Workers

/// An error as the user meets it: a text and an exit code.
struct Failure {
  let text: String
  let code: ExitCode

  /// Characters of a text at most: what was read may stand in it, and may be a megabyte.
  private static let longest = 4_000

  init(_ error: any Error) {
    let (text, code) = Self.meaning(error)
    self.code = code
    self.text =
      text.utf8.count <= Self.longest
      ? text : "\(text.prefix(Self.longest / 2)) … \(text.suffix(Self.longest / 2))"
  }

  private static func meaning(_ error: any Error) -> (text: String, code: ExitCode) {
    switch error {
    case is UsageError, is ProblemError: ("\(error)", .usage)
    case is PreflightError, is FileError, is SubjectFailure: ("\(error)", .failure)
    case let error as SuiteError: ("\(error)", code(error))
    case let error as PlanningError: (text(error), .usage)
    case let error as WorkerError: ("\(error)", code(error))
    case let error as ReportingError: (text(error), code(error))
    case let error as CounterGroupError: ("\(error)", code(error))
    case let error as ImportError: ("\(error)", code(error))
    case let error as PredictionError: ("\(error)", error.code)
    case let error as ProfilingError: (text(error), code(error))
    case SimulationError.failed(let reason): ("Valgrind: \(reason)", .failure)
    case let error as ComparingError: ("\(error)", code(error))
    case let error as PlotError: ("\(error)", error.code)
    case let error as GateError: ("\(error)", error.code)
    case let error as MemoryError:
      ("no memory for \(error.requestedBytes) bytes more", .failure)
    default: (SystemReason.sentence(of: error), .failure)
    }
  }

  /// A name that no suite has is a slip of the command line; everything else is a file's fault.
  private static func code(_ error: SuiteError) -> ExitCode {
    if case .unknownSuite = error { return .usage }
    return .invalidInput
  }

  /// The same of counter groups and events.
  private static func code(_ error: CounterGroupError) -> ExitCode {
    switch error {
    case .unknownGroup, .tooManyEvents, .eventNameTooLong(_, nil, _): .usage
    default: .invalidInput
    }
  }

  private static func code(_ error: ImportError) -> ExitCode {
    if case .wrongSizes = error { return .usage }
    return .failure
  }

  private static func text(_ error: PlanningError) -> String {
    switch error {
    case .noKernelMatches(let pattern, let available):
      "no kernel on this CPU matches ‘\(pattern)’"
        + NearestNames.phrase(pattern.replacing("*", with: ""), among: names(available))
        + "; accepted are \(KernelSelection.bestPattern) and globs over the \(available.count) names "
        + "that `convscope list kernels` shows"
    case .noCaseMatches(let pattern):
      "no case matches --only ‘\(pattern)’; `convscope list cases SUITE` shows their names"
    }
  }

  private static func code(_ error: ComparingError) -> ExitCode {
    switch error {
    case .missing: .missingInput
    case .nothingShared: .inconclusive
    default: .invalidInput
    }
  }

  /// What may be meant by a pattern: `best`, one of the kernels, or a family of them.
  private static func names(_ kernels: [String]) -> [String] {
    let families = Set(kernels.compactMap { $0.split(separator: "/").first.map { "\($0)/*" } })
    return [KernelSelection.bestPattern] + kernels + families.sorted()
  }

  private static func code(_ error: WorkerError) -> ExitCode {
    if case .notEnoughCPUs = error { return .usage }
    return .failure
  }

  private static func text(_ error: ProfilingError) -> String {
    switch error {
    case .unsupported(let reason), .failed(let reason): reason
    case .wrong(let reason): "the output is not the reference's: \(reason)"
    }
  }

  private static func code(_ error: ProfilingError) -> ExitCode {
    if case .wrong = error { return .wrongResult }
    return .failure
  }

  private static func text(_ error: ReportingError) -> String {
    switch error {
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason); rows written before are complete"
    case .inUse(let path, let owner):
      "\(path) is being written by \(owner); accepted is another folder, or to wait for its end"
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .malformed(let path, let line, let complaint): "\(path):\(line): \(complaint)"
    case .cannotResume(let path, let reason): "cannot continue \(path): \(reason)"
    }
  }

  private static func code(_ error: ReportingError) -> ExitCode {
    switch error {
    case .cannotWrite, .inUse: .failure
    case .cannotRead, .malformed: .invalidInput
    case .cannotResume: .inconclusive
    }
  }
}
