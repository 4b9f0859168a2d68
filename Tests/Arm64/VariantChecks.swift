// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

/// Every variant on one operation with small integers, which sums of floats hold exactly.
///
/// A Winograd variant is exact once its results are rounded to whole numbers.
struct ExactCheck: VariantVisitor {
  let trial: Trial
  let expected: [Double]
  let workers: Int
  /// The only class of variants that is looked at; nil for all.
  var accuracy: AccuracyClass?
  var checks: Checks

  init(_ operation: ConvolutionOperation, seed: UInt64, workers: Int, _ checks: Checks) {
    var generator = SeededGenerator(seed: seed)
    trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    expected = trial.expected
    self.workers = workers
    self.checks = checks
  }

  mutating func visit(_ variant: some ConvolutionVariant<MemoryError>) {
    guard accuracy == nil || variant.identity.accuracy == accuracy,
      variant.support(trial.operation, workers: workers) == .supported
    else { return }
    let result = trial.compute(variant, workers: workers)
    let isExact = variant.identity.accuracy == .exact
    let output = isExact ? result.exact : result.exact.map { $0.rounded() }
    let text = ProblemDescriptor.print(trial.operation.problem)
    checks.expect(output == expected, variant.identity.id, text)
    checks.expect(result.isContained, variant.identity.id, text + " wrote beside its output")
  }
}

/// Every variant on one operation with any numbers, against its bound.
struct BoundCheck: VariantVisitor {
  let trial: Trial
  let reference: ReferenceConvolution
  let workers: Int
  /// The only class of variants that is looked at; nil for all.
  var accuracy: AccuracyClass?
  var checks: Checks

  init(_ trial: Trial, workers: Int, _ checks: Checks) {
    self.trial = trial
    reference = trial.reference
    self.workers = workers
    self.checks = checks
  }

  mutating func visit(_ variant: some ConvolutionVariant<MemoryError>) {
    let operation = trial.operation
    guard accuracy == nil || variant.identity.accuracy == accuracy,
      variant.support(operation, workers: workers) == .supported
    else { return }
    let verification = Verification(
      output: trial.compute(variant, workers: workers).output, reference: reference,
      bound: variant.errorBound(operation), shape: operation.problem.outputShape)
    let isWrong = if case .wrong = verification.outcome { true } else { false }
    checks.expect(
      !isWrong, variant.identity.id, ProblemDescriptor.print(operation.problem) + " by its bound")
  }
}

extension Trial {
  /// What `variant` computes; it has the memory that it needs.
  func compute(_ variant: some ConvolutionVariant<MemoryError>, workers: Int) -> Result {
    do throws(MemoryError) {
      let (source, target) = try tensors(variant.layouts(operation))
      let prepared = try variant.prepare(
        operation, weights: weights, input: source, output: target, workers: workers)
      return run(prepared, source, target, workers: workers)
    } catch {
      fatalError("out of memory")
    }
  }
}
