// SPDX-License-Identifier: Apache-2.0

import Convolution
import Peers
import Testing

// One after the other: threads of two libraries that spin on the same CPUs stop each other.
@Suite("Libraries as variants")
struct PeerCatalogTests {
  @Test(
    "each library computes the textbook result or gives a reason", .serialized,
    arguments: PeerCatalog.variants.map(\.identity.id), EdgeProblems.descriptors)
  func librariesAreCorrect(id: String, descriptor: String) throws {
    let variant = try #require(PeerCatalog.variants.first { $0.identity.id == id })
    for (hasBias, hasReLU) in [(false, false), (true, false), (true, true)] {
      let operation = ConvolutionOperation(
        try EdgeProblems.problem(descriptor),
        epilogue: Epilogue(hasBias: hasBias, hasReLU: hasReLU))
      // Once with two workers is enough: two threads that spin stop each other on a busy machine.
      for workers in hasReLU ? [1, 2] : [1] {
        switch variant.support(operation, workers: workers) {
        case .unsupported(let reason): #expect(!reason.isEmpty)
        case .supported: try check(variant, operation, workers: workers)
        }
      }
    }
  }

  private func check(
    _ variant: any ConvolutionVariant, _ operation: ConvolutionOperation, workers: Int
  ) throws {
    let seed: UInt64 = 0xC0FFEE
    let fractions = PeerTrial.fractions(operation, seed: seed)
    let verification = Verification(
      output: try fractions.output(of: variant, workers: workers), reference: fractions.reference,
      bound: variant.errorBound(operation), shape: operation.problem.outputShape)
    if case .wrong(let place) = verification.outcome {
      Issue.record("\(place); \(operation.epilogue), \(workers) workers, seed \(seed)")
    }
    guard variant.identity.accuracy == .exact else { return }
    let integers = PeerTrial.integers(operation, seed: seed)
    #expect(
      try integers.output(of: variant, workers: workers)
        == integers.reference.values.map { Float($0) },
      "\(operation.epilogue), \(workers) workers, seed \(seed)")
  }

  @Test(
    "the packed filter is where the library says, so that it can be evicted",
    arguments: PeerCatalog.variants.map(\.identity.id))
  func filterMemoryIsKnown(id: String) throws {
    let variant = try #require(PeerCatalog.variants.first { $0.identity.id == id })
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic32ih14oc48kh3ph1"))
    guard case .supported = variant.support(operation, workers: 1) else { return }
    let layouts = variant.layouts(operation)
    let prepared = try variant.prepare(
      operation, weights: PeerTrial.fractions(operation, seed: 7).weights,
      input: try Activation(operation.problem.inputShape, layout: layouts.input),
      output: try Activation(operation.problem.outputShape, layout: layouts.output), workers: 1)
    let bytes = prepared.filterMemory.reduce(0) { $0 + $1.count }
    #expect(bytes >= operation.problem.filterCount * MemoryLayout<Float>.stride)
  }

  @Test("ids are unique")
  func idsAreUnique() {
    let ids = PeerCatalog.variants.map(\.identity.id)
    #expect(Set(ids).count == ids.count)
  }
}
