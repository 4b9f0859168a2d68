// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The program: one verb, its options, an exit code.
@main
enum ConvScope {
  static let version = "0.1.0"

  /// Every verb, in the order of the help text.
  static var verbs: [any Verb.Type] {
    [
      RunVerb.self, ListVerb.self, VerifyVerb.self, DescribeVerb.self, MachineVerb.self,
      CompareVerb.self, ReportVerb.self, GateVerb.self, ExportVerb.self, ProfileVerb.self,
      TuneVerb.self,
      ServeVerb.self, ImportVerb.self, SimulateVerb.self, MeasureGroupVerb.self,
    ]
  }

  static func main() {
    // A reader that went away (`| head`) is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    exit(run(Array(ProcessInfo.processInfo.arguments.dropFirst())).rawValue)
  }

  static func run(_ words: [String]) -> ExitCode {
    guard let name = words.first, !["help", "--help", "-h"].contains(name) else {
      Console.out(lines: HelpText.program(verbs))
      return .success
    }
    if name == "--version" {
      Console.out("convscope \(version)")
      return .success
    }
    do {
      guard let verb = verbs.first(where: { $0.name == name }) else {
        throw UsageError.unknownVerb(
          name, accepted: verbs.filter { !$0.isInternal }.map { $0.name })
      }
      if words.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
        Console.out(lines: HelpText.verb(verb))
        return .success
      }
      let arguments = try Arguments(Array(words.dropFirst()), accepting: verb.options)
      return try verb.init(arguments).run()
    } catch {
      let failure = Failure(error)
      Console.error("convscope: \(failure.text)")
      return failure.code
    }
  }
}
