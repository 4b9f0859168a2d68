// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Convolution
internal import Counters
internal import Foundation
internal import KernelCatalog
internal import Reporting
internal import Suites

/// `convscope list`: what there is to measure, and with what.
struct ListVerb: Verb {
  static let name = "list"
  static let operands = "[suites|kernels|counters|cases [SUITE…]]"
  static let summary = "List suites, kernels, counters or the cases of suites."
  static let discussion = """
    Without a word it lists suites. `list counters` tries each event and says whether it counts
    here, and if not why and what to do; with `--check` it also counts work whose count is known.
    `list cases` shows names, problems and multiplicities of the given suites (default: quick).
    """
  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option("--isa", "NAME[,NAME…]", "kernels of these instruction sets only"),
    Option("--counters", "GROUP", "events of this group only"),
    Option(
      "--check", nil, "counters: do work whose count is known, and compare; exit 3 where one is off"
    ),
  ]

  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
  }

  func run() throws -> ExitCode {
    let kinds = ["suites", "kernels", "counters", "cases"]
    let kind = arguments.operands.first ?? "suites"
    if kinds.contains(kind) { try check(kind) }
    if kind != "cases" { _ = try ModelReader(arguments).suites([]) }
    let lines: [String]
    switch kind {
    case "suites": lines = try suites()
    case "kernels": lines = try kernels()
    case "counters": return try CounterListing(arguments).print()
    case "cases": return try listCases(Array(arguments.operands.dropFirst()))
    default:
      throw UsageError.invalidValue(
        option: "list", value: kind, accepted: kinds.joined(separator: ", "))
    }
    for line in lines { Console.out(line) }
    return .success
  }

  /// Refuses what says nothing about `kind`.
  private func check(_ kind: String) throws(UsageError) {
    for (option, owner) in [
      ("--isa", "kernels"), ("--counters", "counters"), ("--check", "counters"),
    ]
    where arguments.has(option) && kind != owner {
      throw .withoutEffect(
        option: option, place: "list \(kind)", accepted: "list \(owner) \(option)")
    }
    if kind != "cases", arguments.operands.count > 1 {
      throw .tooManyOperands(arguments.operands[1], accepted: "list \(kind)")
    }
  }

  /// Every suite is read, so that a file that is not valid shows here.
  private func suites() throws -> [String] {
    let library = SuiteLibrary(folder: ProjectFolder.suites)
    var table = TextTable([("suite", .left), ("cases", .right), ("question", .left)])
    for name in try library.names() {
      let suite = try library.suite(name)
      table.append([
        name, String(suite.cases.count), suite.question.isEmpty ? suite.title : suite.question,
      ])
    }
    return table.lines(width: ConsoleWidth.ofTables)
  }

  private func kernels() throws -> [String] {
    let sets = try RunOptions.instructionSets(arguments)
    var table = TextTable(
      [
        ("kernel", .left), ("isa", .left), ("layout", .left), ("accuracy", .left),
      ], expendable: ["layout", "isa"])
    let catalog = KernelCatalog(instructionSets: sets)
    let identities =
      catalog.implementations.map(\.identity) + GraphRunner.all(catalog).map(\.identity)
    for identity in identities {
      table.append([
        identity.id, identity.instructionSet?.rawValue ?? "its own",
        identity.layout.isEmpty ? "its neighbours'" : identity.layout,
        identity.accuracy.rawValue,
      ])
    }
    let absent = Set(InstructionSet.allCases).subtracting(InstructionSet.available)
      .sorted().map { "  \($0.rawValue): built, but this CPU does not have it" }
    return table.lines(width: ConsoleWidth.ofTables) + absent
  }

  private func listCases(_ names: [String]) throws -> ExitCode {
    let suites = try ModelReader(arguments)
      .suites(names.isEmpty ? [RunOptions.defaultSuite] : names)
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    for line in cases(of: suites) { Console.out(line) }
    return ModelReader.code(suites)
  }

  private func cases(of suites: [Suite]) -> [String] {
    var table = TextTable(
      [
        ("suite", .left), ("case", .left), ("problem", .left), ("MMAC", .right), ("times", .right),
      ], expendable: ["suite", "times"])
    for suite in suites {
      for suiteCase in suite.cases {
        table.append([
          suite.name, suiteCase.name, suiteCase.descriptor,
          String(format: "%.1f", Double(suiteCase.cost.macs) / 1e6),
          String(suiteCase.multiplicity),
        ])
      }
    }
    return table.lines(width: ConsoleWidth.ofTables)
  }
}
