// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Children
internal import Foundation

/// The program: one verb, its options, an exit code.
@main
enum ConvScope {
  static let version = "0.1.0"

  /// Every verb, in the order of the help text.
  static var verbs: [any Verb.Type] {
    [
      RunVerb.self, ListVerb.self, VerifyVerb.self, DescribeVerb.self, MachineVerb.self,
      CompareVerb.self, AgreeVerb.self, AnswerVerb.self, ReportVerb.self, GateVerb.self,
      BisectVerb.self, ExportVerb.self, ProfileVerb.self, TuneVerb.self, LearnVerb.self,
      PredictVerb.self, AdviseVerb.self, ServeVerb.self, ImportVerb.self, CompletionVerb.self,
      SimulateVerb.self, MeasureGroupVerb.self,
    ]
  }

  static func main() {
    Interruption.takeSignals(exitingWith: ExitCode.interrupted.rawValue)
    // A reader that went away (`| head`) is an error of the write, not the end of the process.
    cplatform_restore_environment()
    cplatform_errors_not_signals()
    _ = cplatform_open_standard_streams()
    exit(Console.finish(run(Array(ProcessInfo.processInfo.arguments.dropFirst()))).rawValue)
  }

  static func run(_ words: [String]) -> ExitCode {
    guard let name = words.first, !helpWords.contains(name) else { return help(words.dropFirst()) }
    do {
      if name == "--version" {
        if let word = words.dropFirst().first {
          throw UsageError.tooManyOperands(word, accepted: "--version alone")
        }
        Console.out("convscope \(version)")
        return .success
      }
      try Preflight.checkStack()
      try Preflight.checkTime()
      let verb = try verb(name)
      if words.dropFirst().prefix(while: { $0 != "--" }).contains(where: helpOptions.contains) {
        Console.out(lines: HelpText.verb(verb))
        return .success
      }
      let arguments = try Arguments(Array(words.dropFirst()), accepting: verb.options)
      // One program file lies in the same pages for all its processes, and where these collide in a cache,
      // code that is evicted with the data takes up to 10 % longer. The system may refuse.
      if verb.measures { _ = cplatform_draw_code_pages() }
      return try verb.init(arguments).run()
    } catch {
      return fail(error)
    }
  }

  private static let helpOptions = ["--help", "-h"]
  private static let helpWords = ["help"] + helpOptions

  /// The help of the program, or of the one verb that is named.
  private static func help(_ names: ArraySlice<String>) -> ExitCode {
    guard let name = names.first, !helpWords.contains(name) else {
      Console.out(lines: HelpText.program(verbs))
      return .success
    }
    do {
      Console.out(lines: HelpText.verb(try verb(name)))
      return .success
    } catch {
      return fail(error)
    }
  }

  private static func verb(_ name: String) throws(UsageError) -> any Verb.Type {
    guard let verb = verbs.first(where: { $0.name == name }) else {
      throw .unknownVerb(name, accepted: verbs.filter { !$0.isInternal }.map { $0.name })
    }
    return verb
  }

  private static func fail(_ error: any Error) -> ExitCode {
    let failure = Failure(error)
    Console.error("convscope: \(failure.text)")
    // What fails after a request to stop mostly fails because of it.
    return Interruption.bySignal.isRequested ? .interrupted : failure.code
  }
}
