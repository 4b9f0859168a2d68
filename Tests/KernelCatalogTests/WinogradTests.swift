// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// Winograd variants round, so they are held to their bound, to the stated error, and to the exact
/// result where rounding to whole numbers gives it back.
@Suite("Winograd variants")
struct WinogradTests {
  static let variants = KernelCatalog().variants.compactMap { $0 as? WinogradVariant }
  static let ids = variants.map(\.identity.id)

  static let descriptors = EdgeProblems.winograd

  private static func variant(_ id: String) throws -> WinogradVariant {
    try #require(variants.first { $0.identity.id == id })
  }

  @Test("whole numbers come out whole, to the last digit", arguments: Self.ids, [1, 2, 5])
  func wholeNumbersComeOutWhole(id: String, workers: Int) throws {
    let variant = try Self.variant(id)
    var generator = SeededGenerator(seed: 0x31_06)
    var checked = 0
    for (index, descriptor) in Self.descriptors.enumerated() {
      let epilogue = Epilogue(hasBias: index % 2 == 0, hasReLU: index % 3 == 0)
      let operation = ConvolutionOperation(
        try EdgeProblems.problem(descriptor), epilogue: epilogue)
      guard variant.support(operation, workers: workers) == .supported else { continue }
      checked += 1
      let trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
      let result = try trial.run(variant, workers: workers)
      let whole = result.output.map { $0.rounded() }
      let isEqual = whole == trial.reference.values.map { Float($0) }
      #expect(isEqual, "\(descriptor) seed \(generator.seed)")
      #expect(result.isContained, "wrote beside its output: \(descriptor)")
    }
    #expect(checked >= 2, "too few problems for this variant")
  }

  @Test("the error is what is expected of random data", arguments: Self.ids)
  func errorIsAsExpected(id: String) throws {
    let variant = try Self.variant(id)
    var generator = SeededGenerator(seed: 0xE77)
    let taps = variant.entry.form.taps
    for channels in [16, 96, 300] {
      let operation = ConvolutionOperation(
        try EdgeProblems.problem("ic\(channels)ih12oc16kh\(taps)ph\(taps / 2)"))
      let trial = Trial(operation) { Float.random(in: -1...1, using: &generator) }
      let verification = Verification(
        output: try trial.run(variant).output, reference: trial.reference,
        bound: variant.errorBound(operation), shape: operation.problem.outputShape)
      #expect(verification.outcome == .correct)
      let expected = variant.expectedRelativeError(operation)
      // Twice too little or too much would be another distribution of errors than that derived.
      let share = verification.relativeRMSError / expected
      #expect(share > 0.5 && share < 2, "\(channels) channels, seed \(generator.seed): \(share)")
    }
  }

  @Test("scratch memory is at most four times input and output", arguments: Self.ids, [1, 2, 7])
  func scratchIsLimited(id: String, workers: Int) throws {
    let variant = try Self.variant(id)
    for descriptor in EdgeProblems.descriptors + Self.descriptors {
      let problem = try EdgeProblems.problem(descriptor)
      let operation = ConvolutionOperation(problem)
      guard variant.support(operation, workers: workers) == .supported else { continue }
      let blocking = try #require(
        variant.blocking(variant.geometry(problem), workers: workers))
      #expect(
        blocking.scratchBytes <= 16 * (problem.inputShape.count + problem.outputShape.count))
    }
  }

  /// Without layout padding the last vector overlaps the one before it.
  @Test("tasks of the input transform never part the last two vectors of channels")
  func lastVectorsHaveOneOwner() {
    for vectors in 1...70 {
      for perTask in stride(from: 2, through: 12, by: 2) {
        let parts = WinogradArguments.parts(of: vectors, perTask: perTask)
        let last = vectors - (parts - 1) * perTask
        #expect(last >= min(2, vectors) && last <= perTask + 1, "\(vectors) by \(perTask)")
      }
    }
  }

  @Test("the matrices compute a correlation", arguments: KernelCatalog.winogradForms)
  func matricesCorrelate(form: WinogradForm) {
    let matrices = WinogradMatrices(form)
    var generator = SeededGenerator(seed: 0xC0)
    let data = (0..<form.points).map { _ in Double.random(in: -1...1, using: &generator) }
    let taps = (0..<form.taps).map { _ in Double.random(in: -1...1, using: &generator) }
    let products = zip(times(matrices.filter, taps), times(matrices.input, data)).map { $0 * $1 }
    for (index, value) in times(matrices.output, products).enumerated() {
      let expected = (0..<form.taps).reduce(0) { $0 + data[index + $1] * taps[$1] }
      #expect(abs(value - expected) < 1e-12, "seed \(generator.seed)")
    }
  }

  @Test("amplification and spread grow with the number of points")
  func morePointsAmplifyMore() {
    let forms = [2, 4, 5, 6].map { WinogradMatrices(WinogradForm(outputs: $0, taps: 3)) }
    for (smaller, larger) in zip(forms, forms.dropFirst()) {
      #expect(smaller.amplification < larger.amplification)
      #expect(smaller.spread < larger.spread)
    }
    #expect(forms[0].spread > 1)
  }

  @Test("fast picks Winograd where it pays and only where its error is small enough")
  func selectionPicksWinograd() throws {
    let catalog = KernelCatalog()
    let layer = ConvolutionOperation(try EdgeProblems.problem("ic128ih28oc128kh3ph1"))
    let exact = try #require(catalog.best(for: layer, workers: 1))
    let fast = try #require(catalog.best(for: layer, workers: 1, accuracy: .fast))
    #expect(exact.variant.identity.accuracy == .exact)
    #expect(fast.variant.identity.family == "winograd")
    let deep = ConvolutionOperation(try EdgeProblems.problem("ic1024ih28oc64kh7ph3"))
    let choice = try #require(catalog.best(for: deep, workers: 1, accuracy: .fast))
    #expect(choice.variant.expectedRelativeError(deep) <= AccuracyClass.largestFastError)
  }

  private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}

extension KernelCatalog {
  /// The forms that are compiled.
  static let winogradForms = WinogradEntry.entries(InstructionSet.allCases[0]).map(\.form)
}
