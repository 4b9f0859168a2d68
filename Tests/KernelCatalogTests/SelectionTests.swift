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

  @Test("a chain's reorder is counted: neighbours keep a layout where it is cheaper than the gain")
  func chainsKeepLayouts() throws {
    let chain = try ["g128ic128ih28oc128kh3ph1", "ic128ih28oc128kh1"].map {
      ConvolutionOperation(try EdgeProblems.problem($0))
    }
    let choices = try #require(Catalog.catalog.best(forChain: chain, workers: 1))
    #expect(choices.count == 2)
    for (operation, choice) in zip(chain, choices) {
      #expect(choice.variant.support(operation, workers: 1) == .supported)
    }
    let layouts = zip(chain, choices).map { $1.variant.layouts($0) }
    #expect(layouts[0].output == layouts[1].input)
    #expect(choices[0].variant.identity.family == "depthwise")
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
