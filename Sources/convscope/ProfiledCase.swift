// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Convolution
internal import Inputs
internal import KernelCatalog
internal import Planning
internal import Suites

/// Finds the one entry that `profile` is asked for.
struct ProfiledCase {
  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  /// - Throws: `UsageError`, `SuiteError`, `PlanningError`.
  func entry() throws -> PlanEntry {
    guard let word = arguments.operands.first else { throw UsageError.missingOperand("CASE") }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(arguments.operands[1], accepted: "one CASE")
    }
    let suite = Suite(
      name: Self.suiteName, title: "one case", cases: [try suiteCase(word)])
    try Preflight.checkMemory([suite])
    let plan = try Plan(
      suites: [suite], selection: try selection(), options: try PlanOptions(arguments))
    let entries = plan.groups.flatMap(\.entries)
    guard entries.count == 1, let entry = entries.first else {
      throw UsageError.invalidValue(
        option: "--kernels, --workers or --cache", value: "\(entries.count) of them",
        accepted: "one; there are "
          + NearestNames.accepted(
            entries.map { "\($0.contender.kernel) with \($0.workers) (\($0.cache.rawValue))" }))
    }
    return entry
  }

  private func selection() throws -> KernelSelection {
    let accuracy = try RunOptions.accuracy(arguments)
    let catalog = KernelCatalog(instructionSets: try RunOptions.instructionSets(arguments))
    return KernelSelection(
      variants: catalog.variants, graphs: GraphRunner.all(catalog, accuracy: accuracy),
      parts: GraphRunner.parts(catalog, accuracy: accuracy),
      best: { operations, workers in
        catalog.best(forChain: operations, workers: workers, accuracy: accuracy)
      })
  }

  private static let suiteName = "profile"

  /// The problem that a word describes; nil where it is no descriptor.
  /// - Throws: `UsageError.invalidDescriptor` where it is one, and of no problem.
  static func descriptor(_ word: String) throws(UsageError) -> NamedProblem? {
    do throws(ProblemError) {
      return try ProblemDescriptor.parse(word)
    } catch {
      // As no name of a suite or a case does, it begins with a key and a number.
      let key = word.prefix { $0.isLetter }
      guard key.count <= 2, word.dropFirst(key.count).first?.isNumber == true else { return nil }
      throw .invalidDescriptor(word, reason: error)
    }
  }

  /// A descriptor, or a case by name.
  private func suiteCase(_ word: String) throws -> SuiteCase {
    if arguments.value("--suite") == nil, let named = try? ProblemDescriptor.parse(word) {
      _ = try ModelReader(arguments).suites([])
      return SuiteCase(name: named.name ?? word, steps: [named])
    }
    let name = arguments.value("--suite") ?? RunOptions.defaultSuite
    let suites = try ModelReader(arguments).suites([name])
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    let cases = suites.flatMap(\.cases)
    guard let found = cases.first(where: { $0.name == word }) else {
      _ = try Self.descriptor(word)
      throw UsageError.invalidValue(
        option: "CASE", value: word,
        accepted: "a descriptor such as ic64ih56oc64kh3ph1, or one of \(name): "
          + NearestNames.accepted(
            cases.map(\.name), near: word, shownBy: "convscope list cases \(name)"))
    }
    return found
  }
}
