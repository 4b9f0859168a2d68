// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import Measuring

@Suite("A case without one cost after the other")
struct CounterfactualTests {
  private func chain(_ descriptor: String, levelOne: Int = 48 << 10) throws -> [Counterfactual] {
    Counterfactual.chain(
      try ProblemDescriptor.parse(descriptor).problem, set: .avx512, levelOne: levelOne)
  }

  private func descriptors(_ chain: [Counterfactual]) -> [String] {
    chain.map { ProblemDescriptor.print(NamedProblem($0.problem)) }
  }

  @Test("Each step takes one thing away and keeps the others away")
  func steps() throws {
    let chain = try chain("ic40ih15oc40kh3ph1")
    #expect(chain.map(\.removed) == [.nothing, .border, .remainders, .distance])
    // 15 outputs of 3 taps read 17; 40 channels are two pairs of 16 lanes, 15 columns two tiles of 14.
    #expect(
      Array(descriptors(chain).prefix(3)) == [
        "ic40ih15oc40kh3ph1", "ic40ih17oc40kh3", "ic64ih17iw30oc64kh3kw3",
      ])
    for step in chain.dropFirst() {
      #expect(step.problem.padding == Padding(0, 0))
      let cost = CostModel(step.problem)
      #expect(cost.macs == cost.macsInsideImage)
    }
    let small = try #require(chain.last).problem
    #expect(CostModel(small).trafficBytes <= 36 << 10)
    #expect(small.output.width == 28 && small.output.height < 15)
  }

  @Test("What is ideal already has fewer steps, down to none")
  func ideal() throws {
    #expect(
      try chain("ic16ih14oc32kh1", levelOne: 1 << 30).map(\.removed) == [
        .nothing, .remainders, .stores,
      ])
    #expect(
      try chain("ic32ih14oc32kh1", levelOne: 1 << 30).map(\.removed) == [.nothing, .stores])
    #expect(try chain("ic32ih14oc32kh1").map(\.removed) == [.nothing, .distance, .stores])
    #expect(try chain("g64ic64ih16oc64kh3", levelOne: 1 << 30).map(\.removed) == [.nothing])
  }

  @Test(
    "Every step is a problem of the same kind",
    arguments: [
      "ic3ih224oc64kh7sh2ph3", "g64ic64ih56oc64kh3ph1", "g32ic256ih28oc256kh3ph1",
      "ic512ih7oc512kh3ph1", "ic64ih14oc64kh3ph2dh1", "g4ic20ih9oc12kh5ph2", "mb8ic16ih5oc24kh1",
    ])
  func kinds(descriptor: String) throws {
    let all = try chain(descriptor)
    let first = all[0].problem
    for step in all {
      let problem = step.problem
      #expect(problem.kernel == first.kernel && problem.stride == first.stride)
      #expect(problem.dilation == first.dilation && problem.isDepthwise == first.isDepthwise)
      #expect((problem.groups > 1) == (first.groups > 1))
    }
  }
}
