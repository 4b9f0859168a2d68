// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Foundation
internal import Measuring
internal import Reporting

/// `gate --counts`: what Valgrind counts in two builds, which no noise can touch.
struct CountGate {
  private let words: [String]
  private let limits: CountLimits
  private let isSilent: Bool

  static let options = [
    Option(
      "--counts", nil, "compare counts that Valgrind simulates instead of times; needs --against"),
    Option(
      "--count-limit", "EVENT=1%[,…]",
      "how far an event may grow (default \(100 * CountLimits.defaultShare) % each)"),
  ]

  /// - Throws: `UsageError` where a limit is not understood.
  init(_ arguments: Arguments) throws {
    words = arguments.words(RunOptions.options)
    isSilent = arguments.has("--no-progress")
    limits = CountLimits(try Self.limits(arguments))
  }

  /// Simulates both builds, one after the other, and prints where they differ.
  func run(against base: String, new: String) throws -> ExitCode {
    guard let valgrind = ValgrindTool() else {
      Console.error("convscope: \(ValgrindTool.absence)")
      return .inconclusive
    }
    let counts = try [base, new].map { program in
      if !isSilent { Console.error("simulating \(program)") }
      return try CountSimulation(
        valgrind: valgrind, program: program, words: words, isSilent: isSilent
      ).run()
    }
    let differences = counts[1].differences(from: counts[0], limits: limits)
    for line in CountReport.lines(differences) { Console.out(line) }
    return Self.exitCode(differences)
  }

  private static func exitCode(_ differences: [CountDifference]) -> ExitCode {
    let verdicts = Set(differences.map(\.verdict))
    if verdicts.contains(.more) { return .regression }
    return verdicts.isEmpty || verdicts == [.unknown] ? .inconclusive : .success
  }

  private static func limits(_ arguments: Arguments) throws(UsageError) -> [String: Double] {
    let accepted =
      "EVENT=SHARE with one of "
      + SimulatedEvent.allCases.map(\.rawValue).joined(separator: ", ") + ", as PAPI_TOT_INS=1%"
    var limits: [String: Double] = [:]
    for text in arguments.list("--count-limit") {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, SimulatedEvent(rawValue: parts[0]) != nil,
        let share = Units.share(parts[1])
      else { throw .invalidValue(option: "--count-limit", value: text, accepted: accepted) }
      limits[parts[0]] = share
    }
    return limits
  }
}
