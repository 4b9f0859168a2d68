// SPDX-License-Identifier: Apache-2.0

internal import Convolution
@testable internal import Planning
@testable internal import Suites

/// Suites, descriptors and imported files, each up to the plan.
enum SuiteFuzzing {
  static func suite(_ text: String) {
    guard let suite = try? Suite(parsing: text, file: "fuzzed.json5", name: "fuzzed") else {
      return
    }
    plan(suite)
  }

  static func batch(_ text: String) {
    // What another file holds is no input of this run.
    guard !text.contains("--batch") else { return }
    guard let suite = try? BatchFile.suite(parsing: text, file: "fuzzed", name: "fuzzed") else {
      return
    }
    plan(suite)
  }

  static func log(_ text: String) {
    guard VerboseLog.isLog(text),
      let suite = try? VerboseLog.suite(parsing: text, file: "fuzzed.log", name: "fuzzed")
    else { return }
    plan(suite)
  }

  static func descriptor(_ text: String) {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var field: ReceptiveField? = .pixel
    var costs: [CostModel] = []
    for part in parts {
      let type = DataType(option: part)
      require(type.map { DataType(option: $0.rawValue) == $0 } ?? true, "another type: \(part)")
      guard let named = try? ProblemDescriptor.parse(part) else { continue }
      let again = try? ProblemDescriptor.parse(ProblemDescriptor.print(named))
      require(again?.problem.output == named.problem.output, "another output after print")
      require(
        again?.name == named.name && again?.multiplicity == named.multiplicity,
        "another name after print")
      field = try? field?.seen(through: named.problem)
      let cost = CostModel(named.problem)
      require((0...cost.macs).contains(cost.macsInsideImage), "taps that do not exist")
      costs.append(cost)
    }
    _ = CostModel(sequence: costs).arithmeticIntensity
    guard let shape = try? ProblemDescriptor.shape(parts[0]) else { return }
    for part in parts.dropFirst() {
      _ = (try? ProblemDescriptor.window(part, over: shape)).map { Pooling(.mean, window: $0) }
      _ = (try? ProblemDescriptor.parse(part, reading: shape)).map { CostModel($0) }
    }
  }

  /// What every verb does with a suite before anything is measured.
  private static func plan(_ suite: Suite) {
    for suiteCase in suite.cases {
      require(suiteCase.cost.macs >= 0 && suiteCase.multiplicity > 0, "no cost or multiplicity")
      _ = (suiteCase.descriptor, suiteCase.inputShape?.count, suiteCase.outputShape?.count)
      _ = suiteCase.cost.arithmeticIntensity
    }
    let selection = KernelSelection(
      variants: [AnyProblem()],
      best: { operations, _ in operations.map { _ in (AnyProblem(), "") } })
    _ = try? Plan(suites: [suite], selection: selection, options: PlanOptions())
    readBack(suite)
  }

  /// A suite that is written is read as the same.
  private static func readBack(_ suite: Suite) {
    let text = SuiteWriter.text(suite)
    do throws(SuiteError) {
      let again = try Suite(parsing: text, file: "written", name: suite.name)
      require(again.cases.map(\.name) == suite.cases.map(\.name), "other cases:\n\(text)")
      require(again.cases.map(\.cost) == suite.cases.map(\.cost), "other costs:\n\(text)")
      require(again.comparisons == suite.comparisons, "other comparisons:\n\(text)")
    } catch {
      require(false, "a written suite is refused: \(error)\n\(text)")
    }
  }
}

/// A variant that takes every operation and computes none: what a plan needs of one.
private struct AnyProblem: ConvolutionVariant {
  typealias Failure = any Error

  var identity: VariantIdentity { VariantIdentity(family: "any", layout: Layout.nchw.name) }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support { .supported }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nchw, .nchw)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws -> PreparedOperation {
    throw MemoryError(requestedBytes: 0)
  }
}
