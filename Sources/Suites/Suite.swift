// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Convolution

/// A question with everything that is measured to answer it: validated and expanded.
public struct Suite: Hashable, Sendable {
  /// The file's name without extension; `networks/x` keeps the folder.
  public var name: String
  /// The suite in a few words.
  public var title: String
  /// What it is meant to answer; empty where the file does not say.
  public var question: String
  /// The sentence that answers it, its numbers still to be filled in; nil where the file has none.
  public var answer: AnswerTemplate?
  /// The papers that it goes back to; empty where the file does not say.
  public var source: String
  /// What is measured, in order; unique by name.
  public var cases: [SuiteCase]
  /// Which cases are set against each other, in order; unique by name.
  public var comparisons: [SuiteComparison]
  /// The axis columns of `comparisons.csv`, in order.
  public var axisNames: [String]
  /// Globs over the variants' ids; `best` is the variant that the selection picks.
  public var kernels: [String]
  /// Worker counts; empty leaves the choice to the command line.
  public var workers: [Int]
  /// In which state of the caches each case is measured.
  public var caches: [CacheState]
  /// Variants that are set against each other on the same case; nil for most suites.
  public var contenderKernels: KernelComparison?
  /// Programs that compute the cases in a process of their own.
  public var externalContenders: [ExternalContender]
  /// The file that it was read from, as it was named; nil for a suite of the library, by its name.
  public var file: String?
  /// What was left out when the suite was read; for the user, not for the measurement.
  public var notes: [SuiteNote]
  /// How many convolutions of a model are not among the cases; each is named in a note.
  public var missing: Int
  /// What papers measured of it; empty for most suites.
  public var published: [PublishedFigures] = []
  /// Costs that are asked how much of the time they explain, the first against the others; empty for
  /// most suites.
  public var explains: [CostKind] = []

  /// A suite; whatever is not given is at the default of a suite file.
  public init(
    name: String, title: String, question: String = "", answer: AnswerTemplate? = nil,
    source: String = "",
    cases: [SuiteCase] = [], comparisons: [SuiteComparison] = [], axisNames: [String] = [],
    kernels: [String] = Suite.defaultKernels, workers: [Int] = [],
    caches: [CacheState] = Suite.defaultCaches, contenderKernels: KernelComparison? = nil,
    externalContenders: [ExternalContender] = [], notes: [SuiteNote] = [],
    missing: Int = 0
  ) {
    self.name = ShownText.line(name)
    self.title = ShownText.line(title)
    self.question = ShownText.line(question)
    self.answer = answer
    self.source = ShownText.line(source)
    self.cases = cases
    self.comparisons = comparisons
    self.axisNames = axisNames
    self.kernels = kernels
    self.workers = workers
    self.caches = caches
    self.contenderKernels = contenderKernels
    self.externalContenders = externalContenders
    self.notes = notes
    self.missing = missing
  }

  /// The kernels of a suite that names none.
  public static let defaultKernels = ["best"]
  /// The cache state of a suite that names none.
  public static let defaultCaches = [CacheState.warm]

  /// Whether it runs a network from end to end.
  public var isWholeNetwork: Bool { !cases.isEmpty && cases.allSatisfy { $0.model != nil } }

  /// The case of the given name.
  public func suiteCase(named name: String) -> SuiteCase? {
    cases.first { $0.name == name }
  }
}

extension Suite {
  /// The same cases in `type`, whatever the file says.
  /// - Returns: nil where a case is a block, which is computed in 32-bit floats only.
  public func computed(in type: DataType) -> Suite? {
    guard type == .f32 || !cases.contains(where: \.isBlock) else { return nil }
    var suite = self
    for place in suite.cases.indices {
      for step in suite.cases[place].steps.indices {
        suite.cases[place].steps[step].problem.dataType = type
      }
    }
    return suite
  }
}

/// What the caches hold when a measurement starts.
public enum CacheState: String, CaseIterable, Codable, Hashable, Sendable {
  /// Whatever the run before has left there.
  case warm
  /// Activations, but not the filter: what a network does, where other layers run in between.
  case coldFilter = "cold-filter"
  /// Neither activations nor filter.
  case cold
}

/// Two cases of a suite that are set against each other.
public struct SuiteComparison: Hashable, Sendable {
  /// What names it in the suite and in the CSV.
  public var name: String
  /// The name of the case that is compared with.
  public var baselineCase: String
  /// The name of the case whose gain is asked for.
  public var contenderCase: String
  /// The axis values from which it was made.
  public var axes: [String: String]

  /// A comparison.
  public init(
    name: String, baselineCase: String, contenderCase: String, axes: [String: String] = [:]
  ) {
    self.name = ShownText.line(name)
    self.baselineCase = ShownText.line(baselineCase)
    self.contenderCase = ShownText.line(contenderCase)
    self.axes = axes.mapValues(ShownText.line)
  }
}

/// Variants that are set against each other on every case of a suite.
public struct KernelComparison: Hashable, Sendable {
  /// Globs over the ids of the variants that are compared with.
  public var baseline: [String]
  /// Globs over the ids of the variants whose gain is asked for.
  public var contender: [String]

  /// Contenders against baselines.
  public init(baseline: [String], contender: [String]) {
    self.baseline = baseline
    self.contender = contender
  }
}

/// A program that computes a suite's cases in a process of its own.
public struct ExternalContender: Hashable, Sendable {
  /// What names it in the suite and in the CSV.
  public var name: String
  /// The program and its arguments.
  public var exec: [String]

  /// A program that is started as `exec`.
  public init(name: String, exec: [String]) {
    self.name = ShownText.line(name)
    self.exec = exec
  }

  /// Words that stand for kernels of this program: its choice, and libraries inside it.
  private static let reserved = ["best", "onednn", "xnnpack", "openblas"]

  /// Names that `mayBeCalled` accepts, in words.
  public static let acceptedNames =
    "a name of visible characters without * and /, and none of "
    + reserved.joined(separator: ", ")

  /// Whether a contender of this name can be told from kernels, whose ids have slashes, and patterns.
  public static func mayBeCalled(_ name: String) -> Bool {
    !name.isEmpty && ShownText.line(name) == name && !name.contains { "*/".contains($0) }
      && !reserved.contains(name)
  }
}
