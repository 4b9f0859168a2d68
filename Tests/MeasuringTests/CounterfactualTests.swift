// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import Measuring

@Suite("What a case is compared with to see its costs")
struct CounterfactualTests {
  private let tiles = KernelTiles(.avx512, vectorsAreColumns: false)
  private let there: Set<Counterfactual.Change> = [.near, .nearRows, .nearProducts, .nearBoth]

  private func all(_ descriptor: String, levelOne: Int = 48 << 10) throws -> [Counterfactual] {
    Counterfactual.all(
      try ProblemDescriptor.parse(descriptor).problem, tiles: tiles, levelOne: levelOne)
  }

  private func descriptors(_ all: [Counterfactual]) -> [String] {
    all.map { ProblemDescriptor.print(NamedProblem($0.problem)) }
  }

  @Test("Border and remainders go one after the other, the rest is compared with what is left")
  func steps() throws {
    let all = try all("ic40ih15oc80kh3ph1")
    // 15 outputs of 3 taps read 17; 40 and 80 channels are two and three pairs of 16 lanes, 15 columns two
    // tiles of 14. In level 1 are four vectors of outputs, one row of taps, and one tile.
    #expect(
      descriptors(all) == [
        "ic40ih15oc80kh3ph1", "ic40ih17oc80kh3", "ic64ih17iw30oc96kh3kw3", "ic16ih1iw16oc64kh1kw3",
        "ic16ih2iw16oc64kh1kw3", "ic16ih2iw16oc64kh2kw3", "ic16ih3iw16oc64kh2kw3",
      ])
    #expect(all.map(\.change) == Counterfactual.Change.allCases)
    #expect(all.indices.map { TimeParts.base(of: $0, in: all) } == [0, 0, 1, 2, 3, 3, 3])
    #expect(TimeParts.base(of: all.count, in: all) == 2)
  }

  @Test("What is ideal already has fewer, and what is not computed is left out")
  func ideal() throws {
    #expect(
      try all("ic32ih14oc32kh1").map(\.change) == [
        .nothing, .near, .nearRows, .nearProducts, .nearBoth,
      ])
    #expect(try all("g64ic64ih16oc64kh3").map(\.change) == [.nothing, .near, .nearRows])
    let problem = try ProblemDescriptor.parse("ic32ih14oc32kh1").problem
    func only(_ isComputed: (ConvolutionProblem) -> Bool) -> [Counterfactual.Change] {
      Counterfactual.all(problem, tiles: tiles, levelOne: 48 << 10, where: isComputed)
        .map(\.change)
    }
    #expect(only { $0.inChannels == 32 } == [.nothing, .near, .nearRows])
    #expect(only { $0.inChannels == 32 && $0.output.height > 4 } == [.nothing])
  }

  @Test("All that is near fits into level 1, and is the same kernel's")
  func near() throws {
    for descriptor in [
      "g64ic64ih28oc64kh3ph1", "ic32ih28oc32kh1", "mb4ic512ih28oc512kh3", "ic256ih14oc1024kh1",
      "g32ic256ih28oc256kh3ph1",
    ] {
      let all = try all(descriptor)
      let base = all[TimeParts.base(of: all.count, in: all)].problem
      let near = try #require(all.first { $0.change == .near }).problem
      for one in all where there.contains(one.change) {
        #expect(CostModel(one.problem).trafficBytes <= 42 << 10, "\(descriptor)")
        #expect(one.problem.kernel.width == base.kernel.width)
        #expect(one.problem.outChannelsPerGroup == near.outChannelsPerGroup)
      }
      let rows = try #require(all.first { $0.change == .nearRows }).problem
      #expect(CostModel(rows).macs == 2 * CostModel(near).macs)
    }
  }

  @Test(
    "Each is a problem of the same kind, inside of its image",
    arguments: [
      "ic3ih224oc64kh7sh2ph3", "g64ic64ih56oc64kh3ph1", "g32ic256ih28oc256kh3ph1",
      "ic512ih7oc512kh3ph1", "ic64ih14oc64kh3ph2dh1", "g4ic20ih9oc12kh5ph2", "mb8ic16ih5oc24kh1",
    ])
  func kinds(descriptor: String) throws {
    let all = try all(descriptor)
    let first = all[0].problem
    for one in all.dropFirst() {
      let problem = one.problem
      #expect(problem.kernel.width == first.kernel.width && problem.stride == first.stride)
      #expect(problem.dilation == first.dilation && problem.isDepthwise == first.isDepthwise)
      #expect((problem.groups > 1) == (first.groups > 1))
      #expect(CostModel(problem).macs == CostModel(problem).macsInsideImage)
    }
  }

  /// A machine that takes 50 ns for an iteration, 2 ns for an output, 0.03 ns for a product at its peak
  /// and 0.011 more, of which 0.004 only beyond level 1; and 700 ns for the border of the case.
  @Test("Parts of made-up times are those that they were made of, and add up")
  func parts() throws {
    let all = try all("ic40ih30oc32kh1ph1")
    #expect(all.map(\.change) == Counterfactual.Change.allCases)
    let times = all.map { one in
      let cost = CostModel(one.problem)
      let isNear = there.contains(one.change)
      let full = [.nothing, .border].contains(one.change) ? 1.1 : 1
      let outputs = 2 * Double(one.problem.outputShape.count)
      let products = (isNear ? 0.037 : 0.041) * Double(cost.macsInsideImage)
      return 50 + full * (outputs + products) + (one.change == .nothing ? 700 : 0)
    }
    let parts = TimeParts.parts(of: all, nanoseconds: times, pace: 1 / 0.03)
    let work = Double(CostModel(all[0].problem).macsInsideImage)
    #expect(abs(parts.values.reduce(work * 0.03, +) - times[0]) < 1e-6 * times[0])
    let base = CostModel(all[2].problem)
    let scale = work / Double(base.macsInsideImage)
    func expectPart(_ part: TimeParts.Part, _ nanoseconds: Double) throws {
      let found = try #require(parts[part])
      #expect(abs(found - scale * nanoseconds) < 1e-6 * times[0], "\(part): \(found)")
    }
    try expectPart(.starts, 50)
    try expectPart(.products, 0.007 * Double(base.macsInsideImage))
    try expectPart(.distance, 0.004 * Double(base.macsInsideImage))
    try expectPart(.outputs, 2 * Double(all[2].problem.outputShape.count))
    #expect(try #require(parts[.remainders]) > 0 && #require(parts[.border]) > 0)
  }

  @Test("Where nothing is near, all but border and remainders is the inner loop's")
  func far() throws {
    let all = Array(try all("ic64ih16oc64kh3ph1").prefix(2))
    let parts = TimeParts.parts(of: all, nanoseconds: [9e5, 8e5], pace: 100)
    #expect(Set(parts.keys) == [.border, .products])
    let work = Double(CostModel(all[0].problem).macsInsideImage)
    #expect(abs(parts.values.reduce(work / 100, +) - 9e5) < 1)
  }
}
