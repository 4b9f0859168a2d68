// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import Testing

@Suite("Selection without measuring")
struct SelectionTests {
  @Test(
    "it picks a supported variant of ours, with a reason", arguments: EdgeProblems.descriptors,
    [1, 2])
  func picksSomethingThatRuns(descriptor: String, workers: Int) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
    let best = try #require(Catalog.catalog.best(for: operation, workers: workers))
    #expect(best.variant.support(operation, workers: workers) == .supported)
    #expect(best.variant.identity.accuracy == .exact)
    #expect(best.variant.identity.instructionSet != nil)
    #expect(best.reason.contains("cycles"))
  }

  @Test("wider vectors win where there is work for them")
  func prefersWiderVectors() throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1"))
    let widest = try #require(InstructionSet.available.max())
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(best.variant.identity.instructionSet == widest)
  }

  @Test("a catalog of one instruction set picks from it", arguments: InstructionSet.available)
  func staysInsideItsInstructionSet(instructionSet: InstructionSet) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1"))
    let catalog = KernelCatalog(instructionSets: [instructionSet])
    let best = try #require(catalog.best(for: operation, workers: 1))
    #expect(best.variant.identity.instructionSet == instructionSet)
  }
}
