// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Gating
internal import Measuring

/// Which cases of a gate run the same machine code in both builds.
struct UnchangedCode {
  private let comparison: Result<CodeComparison, CodeComparisonError>
  /// What the options that both builds serve with choose.
  private let serving: ServeVerb?

  /// Compares the program `base` with this one; `words` are the options that both serve with.
  init(base: String, _ words: [String]) {
    comparison = Result { () throws(CodeComparisonError) in
      try CodeComparison(URL(filePath: base), URL(filePath: BuildGate.ownProgram))
    }
    serving = (try? Arguments(words, accepting: ServeVerb.options)).flatMap { try? ServeVerb($0) }
  }

  /// For people and gate.json.
  var text: String {
    switch comparison {
    case .success(let comparison): comparison.text
    case .failure(let error): "all cases are measured, because \(error)"
    }
  }

  /// The indices of the cases that need not be measured; nil where it cannot be told.
  func places(_ problems: [GateProblem]) -> Set<Int>? {
    guard case .success(let comparison) = comparison else { return nil }
    return Set(
      problems.indices.filter { place in
        // The other build chooses the same: the choice is among what must not have changed.
        comparison.isUnchanged(instructionSet(problems[place])?.rawValue)
      })
  }

  private func instructionSet(_ problem: GateProblem) -> InstructionSet? {
    guard case .variant(let variant) = serving?.choose(problem.operation, problem.workers)
    else { return nil }
    return variant.identity.instructionSet
  }
}
