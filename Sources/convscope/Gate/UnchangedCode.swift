// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Gating
internal import Planning

/// Which cases of a gate run the same machine code in both builds.
struct UnchangedCode {
  private let comparison: Result<CodeComparison, CodeComparisonError>

  /// Compares the program `base` with this one.
  init(base: String) {
    comparison = Result { () throws(CodeComparisonError) in
      try CodeComparison(URL(filePath: base), URL(filePath: BuildGate.ownProgram))
    }
  }

  /// For people and gate.json.
  var text: String {
    switch comparison {
    case .success(let comparison): comparison.text
    case .failure(let error): "all cases are measured, because \(error)"
    }
  }

  /// The indices of the cases that need not be measured; nil where it cannot be told.
  func places(_ entries: [SuiteEntry]) -> Set<Int>? {
    guard case .success(let comparison) = comparison else { return nil }
    return Set(
      entries.indices.filter { place in
        // The other build chooses the same: the choice is among what must not have changed.
        comparison.isUnchanged(entries[place].entry.contender.instructionSet?.rawValue)
      })
  }
}
