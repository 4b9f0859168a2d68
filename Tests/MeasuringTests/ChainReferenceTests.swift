// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@testable import Measuring

@Suite("What a chain's last output may be off by")
struct ChainReferenceTests {
  /// A chain whose two middle problems are the same.
  private func data() throws -> CaseData {
    let texts = ["ic6ih9oc8kh3ph1", "ic8ih9oc8kh1", "ic8ih9oc8kh1", "g8ic8ih9oc8kh3ph1"]
    return try CaseData(
      SuiteCase(
        name: "chain", steps: try texts.map { try ProblemDescriptor.parse($0) },
        epilogue: Epilogue(hasBias: true, hasReLU: true)), seed: 3)
  }

  /// The chain in 32-bit floats, as a contender would compute it.
  private func output(_ data: CaseData) -> [Float] {
    var values = data.input
    for (operation, weights) in zip(data.operations, data.weights) {
      values = ReferenceConvolution(operation, input: values, weights: weights).values
        .map { Float($0) }
    }
    return values
  }

  private func outcome(_ output: [Float], _ data: CaseData) throws -> Verification {
    let last = try #require(data.operations.last)
    return Verification(
      output: output, reference: ChainReference.last(data) { .summation($0) },
      bound: ErrorBound(relative: 1), shape: last.problem.outputShape)
  }

  @Test("covers what roundings between the steps make of it")
  func rounded() throws {
    let data = try data()
    let found = try outcome(output(data), data)
    #expect(found.outcome == .correct)
    #expect(found.worstErrorShare < 1)
  }

  @Test("is far below what a wrong step changes")
  func wrong() throws {
    let right = try data()
    for step in right.operations.indices {
      var weights = right.weights
      weights[step].filter = weights[step].filter.map { 1.001 * $0 }
      let changed = CaseData(operations: right.operations, input: right.input, weights: weights)
      guard case .wrong = try outcome(output(changed), right).outcome else {
        Issue.record("a filter that is off by a thousandth in step \(step) passes")
        continue
      }
    }
  }
}
