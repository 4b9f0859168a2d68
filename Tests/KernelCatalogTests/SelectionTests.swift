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
    let widest = try #require(InstructionSet.available(for: .f32).max())
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(best.variant.identity.instructionSet == widest)
  }

  @Test(
    "groups go to the kernels in which no lane is idle", arguments: [32, 64, 128])
  func groups(groups: Int) throws {
    let operation = ConvolutionOperation(
      try EdgeProblems.problem("g\(groups)ic256ih28oc256kh3ph1"))
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(best.variant.identity.family == "grouped")
  }

  @Test(
    "where most of a small map is border, planes are copied between zeros",
    arguments: ["g192ic192ih17oc192kh13sh2ph6", "g192ic192ih10oc192kh5sh2ph2"])
  func smallMaps(descriptor: String) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    let hasKernel = Catalog.catalog.variants.contains {
      $0.identity.family == "depthwise-copied"
    }
    #expect(best.variant.identity.family == (hasKernel ? "depthwise-copied" : "depthwise"))
  }

  @Test(
    "a first layer reads an input without empty lanes",
    arguments: ["ic3ih227oc96kh11sh4", "ic3ih224oc64kh7sh2ph3"])
  func firstLayers(descriptor: String) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(best.variant.layouts(operation).input == .nhwc)
  }

  @Test("a catalog of one instruction set picks from it", arguments: InstructionSet.available)
  func staysInsideItsInstructionSet(instructionSet: InstructionSet) throws {
    for type in instructionSet.dataTypes {
      let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1", type))
      let catalog = KernelCatalog(instructionSets: [instructionSet])
      let best = try #require(catalog.best(for: operation, workers: 1))
      #expect(best.variant.identity.instructionSet == instructionSet)
      #expect(best.variant.identity.dataType == type)
    }
  }

  @Test("instructions of its own multiply bf16 where the CPU has them")
  func prefersDotProducts() throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1", .bf16))
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(best.variant.identity.instructionSet == InstructionSet.available(for: .bf16).max())
  }

  @Test("what was measured goes before what was predicted")
  func prefersTuned() throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1"))
    let predicted = try #require(Catalog.catalog.best(for: operation, workers: 1))
    let other = try #require(
      Catalog.catalog.rivals(for: operation, workers: 1, within: 100).last)
    #expect(other.identity != predicted.variant.identity)
    let best = try #require(
      Catalog.catalog.best(forChain: [operation], workers: 1) { _, _ in
        (kernel: other.identity.id, reason: "measured")
      })
    #expect(best[0].variant.identity == other.identity)
    #expect(best[0].reason == "measured")
  }

  @Test(
    "a tuned variant that is absent or cannot compute the problem leaves the prediction",
    arguments: ["gone/nhwc/6x2/avx2", "depthwise/nhwc/baseline"])
  func ignoresUselessTuning(kernel: String) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1"))
    let predicted = try #require(Catalog.catalog.best(for: operation, workers: 1))
    let best = try #require(
      Catalog.catalog.best(forChain: [operation], workers: 1) { _, _ in
        (kernel: kernel, reason: "measured")
      })
    #expect(best[0].variant.identity == predicted.variant.identity)
    #expect(best[0].reason.contains("predicted"))
  }

  @Test("rivals are sorted by prediction and within the factor", arguments: [1.0, 1.5, 100])
  func rivalsAreWithin(factor: Double) throws {
    let operation = ConvolutionOperation(try EdgeProblems.problem("ic64ih28oc64kh3ph1"))
    let rivals = Catalog.catalog.rivals(for: operation, workers: 1, within: factor)
    let best = try #require(Catalog.catalog.best(for: operation, workers: 1))
    #expect(rivals.first?.identity == best.variant.identity)
    #expect(rivals.allSatisfy { $0.support(operation, workers: 1) == .supported })
    let all = Catalog.catalog.rivals(for: operation, workers: 1, within: .infinity)
    #expect(factor == 100 || rivals.count < all.count)
  }
}
