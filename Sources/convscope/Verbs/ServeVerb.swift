// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import ExternalPeers
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Workers

/// `convscope serve`: this build as a contender of another harness.
struct ServeVerb: Verb {
  static let name = "serve"
  static let operands = ""
  static let summary = "Answer the contender protocol on standard input and output."
  static let discussion = """
    Another build of ConvScope, or any harness that speaks the protocol of docs/Protocol.md, can
    then measure this one: `convscope run --peer old="…/convscope serve"`.
    """
  static let measures = true
  static let options = [
    Option("--kernels", "GLOB", "the variant to serve (default: best, chosen per problem)"),
    RunOptions.instructionSetOption,
    Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
    TunedSelection.option,
    Option("--partition", "KIND", "static (default) or dynamic: how workers get their tasks"),
    Option(
      "--slow-down", "CASE=3%",
      "self-test of a gate: repeat this share of the work of the problems that CASE, a glob over "
        + "descriptors, matches"),
  ]

  private let selection: KernelSelection
  private let pattern: String
  private let partition: Partition
  private let slowDown: SlowDown?

  init(_ arguments: Arguments) throws {
    if let word = arguments.operands.first {
      throw UsageError.tooManyOperands(word, accepted: "no operand")
    }
    let catalog = KernelCatalog(instructionSets: try RunOptions.instructionSets(arguments))
    pattern = arguments.value("--kernels") ?? KernelSelection.bestPattern
    try Self.check(pattern, among: catalog.variants.map(\.identity.id))
    selection = try TunedSelection(catalog, arguments).selection()
    partition = try RunOptions.partition(arguments)
    slowDown = try arguments.parsed(
      "--slow-down", accepted: Self.acceptedSlowDown, Self.slowDown)
  }

  /// What matches nothing would be refused with each problem, one by one.
  private static func check(_ pattern: String, among names: [String]) throws(PlanningError) {
    let glob = Glob(pattern)
    guard pattern != KernelSelection.bestPattern, !names.contains(where: { glob.matches($0) })
    else { return }
    throw .noKernelMatches(pattern: pattern, available: names)
  }

  static let acceptedSlowDown = "a glob over problem descriptors and a share, as g32*=3%"

  static func slowDown(_ text: String) -> SlowDown? {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex,
      let share = Units.share(String(text[text.index(after: equals)...]))
    else { return nil }
    return SlowDown(share: share, pattern: String(text[..<equals]))
  }

  func run() throws -> ExitCode {
    let engine = ServingEngine(
      name: "convscope", version: ConvScope.version, partition: partition,
      slowDown: slowDown,
      choose: { [selection, pattern] suiteCase, kernel, workers in
        let wanted = kernel ?? pattern
        do throws(PreflightError) { try Preflight.checkMemory([suiteCase]) } catch {
          return .unsupported(name: wanted, reason: "\(error)")
        }
        return (try? selection.contender(wanted, for: suiteCase, workers: workers))
          ?? .unsupported(name: wanted, reason: "this build has no kernel ‘\(wanted)’")
      })
    ContenderServer.onStandardStreams(engine).serve()
    return .success
  }
}
