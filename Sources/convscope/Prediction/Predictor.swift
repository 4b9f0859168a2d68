// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog
internal import Measuring
internal import Predicting
internal import Reporting
internal import Suites

/// Predicts the times of cases, each computed by what `best` picks.
struct Predictor {
  let selection: TunedSelection
  let model: TimeModel

  /// The predictor of this machine, from what it has measured.
  /// - Throws: `PredictionError.tooFewTimes`.
  init(_ selection: TunedSelection, _ known: KnownTimes) throws(PredictionError) {
    guard let model = TimeModel(known.times) else {
      throw .tooFewTimes(count: known.times.count)
    }
    self.selection = selection
    self.model = model
  }

  /// What a case consists of, or why nothing computes it.
  enum Parts {
    case tasks([TimeModel.Task], kernel: String)
    case none(reason: String)
  }

  /// The convolutions of a case and what computes each.
  func parts(_ suiteCase: SuiteCase, workers: Int) -> Parts {
    let operations =
      suiteCase.graph.map { graph in graph.nodes.compactMap(\.convolution) } ?? suiteCase.operations
    guard !operations.isEmpty else { return .none(reason: "it has no convolution") }
    guard !hasMovingTaps(suiteCase) else {
      return .none(reason: "the cost model knows nothing of deformable convolutions")
    }
    guard let choices = choices(suiteCase, operations, workers: workers) else {
      return .none(reason: "no variant of this build and CPU computes \(suiteCase.descriptor)")
    }
    let tasks = zip(operations, choices).compactMap { operation, choice in
      task(operation, choice.variant, workers: workers)
    }
    guard tasks.count == operations.count else {
      return .none(reason: "the cost model knows nothing of its kernel")
    }
    return .tasks(tasks, kernel: Contenders.id(choices.map(\.variant.identity.id)))
  }

  /// What computes each of `operations`: blocks choose for each convolution, chains for all together.
  private func choices(
    _ suiteCase: SuiteCase, _ operations: [ConvolutionOperation], workers: Int
  ) -> [(variant: any ConvolutionVariant, reason: String)]? {
    guard suiteCase.isBlock else { return selection.best(operations, workers: workers) }
    let each = operations.compactMap { selection.best([$0], workers: workers)?.first }
    return each.count == operations.count ? each : nil
  }

  private func hasMovingTaps(_ suiteCase: SuiteCase) -> Bool {
    suiteCase.graph?.nodes.contains { node in
      if case .deformable = node.operation { true } else { false }
    } ?? false
  }

  /// What `variant` has to do; nil where the cost model knows nothing of it.
  func task(
    _ operation: ConvolutionOperation, _ variant: any ConvolutionVariant, workers: Int
  ) -> TimeModel.Task? {
    KernelCatalog.predictedCycles(of: variant, for: operation, workers: workers).map {
      TimeModel.Task(operation, workers: workers, kernel: variant.identity, cycles: $0)
    }
  }

  /// The row of a case.
  func row(_ suiteCase: SuiteCase, of suite: String, workers: Int) -> PredictedRow {
    var row = PredictedRow(
      suite: suite, caseName: suiteCase.name, problem: suiteCase.descriptor, workers: workers,
      multiplicity: suiteCase.multiplicity, kernel: "", time: nil, reason: "")
    switch parts(suiteCase, workers: workers) {
    case .none(let reason): row.reason = reason
    case .tasks(let tasks, let kernel):
      let time = model.predict(tasks.map { ($0, 1) })
      row.kernel = kernel
      guard time.hasInterval else {
        row.reason = "\(PredictedRow.outside), and so far that nothing can be said"
        return row
      }
      row.time = time
      let notes = [
        time.isOutside ? PredictedRow.outside : nil,
        suiteCase.isBlock ? "its convolutions only, each alone" : nil,
      ]
      row.reason = notes.compactMap { $0 }.joined(separator: "; ")
    }
    return row
  }

  /// All layers of a suite without comparisons together; nil for other suites.
  func network(_ suite: Suite, workers: Int) -> PredictedNetwork? {
    let layers = suite.cases.filter { !$0.isBlock && $0.partOf == nil }
    guard suite.comparisons.isEmpty, suite.contenderKernels == nil, layers.count > 1 else {
      return nil
    }
    var tasks: [(task: TimeModel.Task, times: Int)] = []
    for layer in layers {
      guard case .tasks(let own, _) = parts(layer, workers: workers) else { return nil }
      tasks += own.map { ($0, layer.multiplicity) }
    }
    let time = model.predict(tasks)
    guard time.hasInterval else { return nil }
    return PredictedNetwork(suite: suite.name, workers: workers, layers: layers.count, time: time)
  }
}

/// Ids of kernels as the column `kernel` has them.
private enum Contenders {
  static func id(_ ids: [String]) -> String {
    Set(ids).count == 1 ? ids[0] : ids.joined(separator: "+")
  }
}

/// What this machine has measured, and by which build.
struct KnownTimes {
  let times: [MeasuredTime]
  /// Whether the build that predicts has measured them.
  let isOfBuild: Bool

  /// The times of `machine`, of this build where it has enough of them.
  init(machine: String, build: String) {
    let known = TimeFile.stored(machine: machine).times(build: build, fewest: TimeModel.fewest)
    times = known.times
    isOfBuild = known.isOfBuild
  }

  /// What names a build: its revision or, without a checkout, its version.
  static func build(_ environment: RunEnvironment) -> String {
    environment.revision ?? ConvScope.version
  }
}

/// Why nothing can be predicted.
enum PredictionError: Error, CustomStringConvertible {
  /// This machine has measured too little.
  case tooFewTimes(count: Int)
  /// What was to be measured fails again and again.
  case nothingMeasured(reason: String)

  var code: ExitCode {
    if case .tooFewTimes = self { .inconclusive } else { .failure }
  }

  var description: String {
    switch self {
    case .tooFewTimes(let count):
      "there is nothing to predict from: this machine has measured \(count) times, and "
        + "\(TimeModel.fewest) are needed; `convscope learn --budget 20m` measures more"
    case .nothingMeasured(let reason): "nothing can be measured: \(reason)"
    }
  }
}
