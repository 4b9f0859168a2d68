// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Suites

/// One case of a gate: a single convolution on some workers.
public struct GateProblem: Hashable, Sendable {
  /// The suite that it comes from.
  public var suite: String
  /// Its name there; a step of a chain says which.
  public var name: String
  /// What is computed.
  public var operation: ConvolutionOperation
  /// Workers that compute together.
  public var workers: Int

  /// A case.
  public init(suite: String, name: String, operation: ConvolutionOperation, workers: Int) {
    self.suite = suite
    self.name = name
    self.operation = operation
    self.workers = workers
  }

  /// The problem descriptor.
  public var descriptor: String { ProblemDescriptor.print(operation.problem) }

  /// The same question under no name.
  private var anonymous: GateProblem {
    GateProblem(suite: "", name: "", operation: operation, workers: workers)
  }

  /// The steps of a case, each by itself and on one worker.
  private static func steps(of suiteCase: SuiteCase, in suite: Suite) -> [GateProblem] {
    suiteCase.operations.enumerated().map { step, operation in
      GateProblem(
        suite: suite.name,
        name: suiteCase.steps.count == 1
          ? suiteCase.name : "\(suiteCase.name), step \(step + 1)",
        operation: operation, workers: 1)
    }
  }

  /// The cases of `suites`, each operation and number of workers once.
  ///
  /// The contender protocol knows single convolutions, so a chain is its steps, each by itself.
  /// - Parameters:
  ///   - suites: Whose cases.
  ///   - workers: Numbers of workers; empty takes each suite's own, or one.
  ///   - isWanted: Whether a case is wanted, by its name in the suite.
  /// - Returns: the cases, in the order of the suites.
  public static func problems(
    of suites: [Suite], workers: [Int], where isWanted: (String) -> Bool
  ) -> [GateProblem] {
    var seen: Set<GateProblem> = []
    var problems: [GateProblem] = []
    for suite in suites {
      let counts = workers.isEmpty ? (suite.workers.isEmpty ? [1] : suite.workers) : workers
      for one in suite.cases.filter({ isWanted($0.name) }).flatMap({ steps(of: $0, in: suite) }) {
        for count in counts {
          var problem = one
          problem.workers = count
          if seen.insert(problem.anonymous).inserted { problems.append(problem) }
        }
      }
    }
    return problems
  }
}
