// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import TestSupport
import Testing

/// Deformable variants against the reference.
@Suite("Deformable variants")
struct DeformableTests {
  static let variants = InstructionSet.available(for: .f32).map { DeformableVariant($0) }
  static let cases = EdgeProblems.deformable

  @Test("sums of small multiples of 1/8 are exact", arguments: Self.cases)
  func exactNumbersAreExact(descriptor: String, offsetGroups: Int, isModulated: Bool) throws {
    var generator = SeededGenerator(seed: 0xDEF0)
    let trial = try DeformableTrial(
      descriptor, offsetGroups, isModulated,
      values: { Float(Int.random(in: -4...4, using: &generator)) },
      offset: { Float(Int.random(in: -6...6, using: &generator)) / 2 },
      factor: { Float(Int.random(in: 0...2, using: &generator)) / 2 })
    let expected = trial.reference.values.map { Float($0) }
    #expect(expected.contains { $0 != 0 })
    for variant in Self.variants {
      let output = try trial.run(variant, workers: 2)
      #expect(output == expected, "\(variant.identity.id) \(descriptor)")
    }
  }

  @Test("random data stays within the bound", arguments: Self.cases)
  func randomDataStaysWithinBound(
    descriptor: String, offsetGroups: Int, isModulated: Bool
  ) throws {
    var generator = SeededGenerator(seed: 0xDEF1)
    let trial = try DeformableTrial(
      descriptor, offsetGroups, isModulated,
      values: { Float.random(in: -1...1, using: &generator) },
      offset: { Float.random(in: -3...3, using: &generator) },
      factor: { Float.random(in: 0...1, using: &generator) })
    for variant in Self.variants {
      let verification = Verification(
        output: try trial.run(variant, workers: 1), reference: trial.reference,
        bound: trial.operation.errorBound, shape: trial.problem.outputShape)
      #expect(verification.outcome == .correct, "\(variant.identity.id) \(descriptor)")
    }
  }

  @Test("places that are infinite or not a number read zero")
  func wildOffsetsReadZero() throws {
    var generator = SeededGenerator(seed: 0xDEF2)
    let wild: [Float] = [.infinity, -.infinity, .nan, 1e30, -1e30, .leastNonzeroMagnitude, -0.0]
    let trial = try DeformableTrial(
      "ic16ih6oc8kh3ph1", 2, true,
      values: { Float(Int.random(in: -4...4, using: &generator)) },
      offset: { wild[Int.random(in: 0..<wild.count, using: &generator)] },
      factor: { 1 })
    for variant in Self.variants {
      let output = try trial.run(variant, workers: 1)
      #expect(output.allSatisfy { $0.isFinite }, "\(variant.identity.id)")
      let verification = Verification(
        output: output, reference: trial.reference, bound: trial.operation.errorBound,
        shape: trial.problem.outputShape)
      #expect(verification.outcome == .correct, "\(variant.identity.id)")
    }
  }
}

extension DeformableTests {
  /// Whole and half pixels, far places, and special values in every tensor.
  @Test("NaN, infinities and an infinite mask count where they are read", arguments: 1...12)
  func specialValues(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let special: [Float] = [.nan, .infinity, -.infinity, -0.0, 2e38]
    func rarely(_ value: Float) -> Float {
      Int.random(in: 0..<60, using: &generator) == 0
        ? special[Int.random(in: 0..<special.count, using: &generator)] : value
    }
    for (descriptor, offsetGroups, isModulated) in Self.cases {
      let trial = try DeformableTrial(
        descriptor, offsetGroups, isModulated,
        values: { rarely(Float(Int.random(in: -4...4, using: &generator))) },
        offset: { rarely(Float(Int.random(in: -6...6, using: &generator)) / 2) },
        factor: { rarely(Float(Int.random(in: 0...2, using: &generator)) / 2) })
      for variant in Self.variants {
        let verification = Verification(
          output: try trial.run(variant, workers: 2), reference: trial.reference,
          bound: trial.operation.errorBound, shape: trial.problem.outputShape)
        let isWrong = if case .wrong = verification.outcome { true } else { false }
        #expect(!isWrong, "\(variant.identity.id) \(descriptor) \(verification.outcome)")
      }
    }
  }

  @Test("the result does not depend on the number of workers", arguments: Self.cases)
  func workersDoNotMatter(descriptor: String, offsetGroups: Int, isModulated: Bool) throws {
    var generator = SeededGenerator(seed: 0xDEF3)
    let trial = try DeformableTrial(
      descriptor, offsetGroups, isModulated,
      values: { Float.random(in: -1...1, using: &generator) },
      offset: { Float.random(in: -3...3, using: &generator) },
      factor: { Float.random(in: 0...1, using: &generator) })
    for variant in Self.variants {
      let alone = try trial.run(variant, workers: 1)
      for workers in [2, 3, 5] {
        let isEqual = try trial.run(variant, workers: workers) == alone
        #expect(isEqual, "\(variant.identity.id) \(descriptor), \(workers) workers")
      }
    }
  }
}

extension DeformableTrial {
  /// What `variant` computes, and nothing beside it.
  func run(_ variant: DeformableVariant, workers: Int) throws -> [Float] {
    let plan = try variant.plan(operation, workers: workers)
    let result = try compute(variant, plan, workers: workers)
    #expect(result.isContained)
    return result.output
  }
}
