// SPDX-License-Identifier: Apache-2.0

import Advising
import Convolution
import Suites
import Testing

@Suite("Ideas for a network's convolutions")
struct IdeaMakerTests {
  private func ideas(_ cases: String..., lanes: Int = 16) throws -> [Idea] {
    let list = cases.map { "'\($0)'" }.joined(separator: ", ")
    let suite = try Suite(
      parsing: "{ title: 'T', cases: [\(list)] }", file: "f", name: "net")
    return IdeaMaker(lanes: lanes).ideas(for: suite)
  }

  private func details(_ ideas: [Idea]) -> [String] { ideas.map(\.detail) }

  @Test("a dense 3×3 has groups, a separable form, a bottleneck, factors and additions")
  func dense() throws {
    let found = try ideas("ic64ih28oc64kh3ph1")
    #expect(
      details(found) == [
        "groups of 2", "groups of 4", "groups of 8", "depthwise and 1×1", "1×1 to 16, and back",
        "1×3 and 3×1", "squeeze-excitation of 4", "skip connection", "deformable",
      ])
    #expect(found.allSatisfy { $0.keepsShape })
    let promised = found.map { ($0.promised * 100).rounded() / 100 }
    // 9·64·64 MACs a pixel against 9·64 + 64·64; 64·16 + 9·16·16 + 16·64; 6·64·64.
    #expect(Array(promised.prefix(6)) == [2, 4, 8, 7.89, 8.47, 1.5])
  }

  @Test("an image of three channels is not divided, a large kernel is stacked, factored or dilated")
  func first() throws {
    let found = try ideas("ic3ih224oc64kh7sh2ph3")
    #expect(details(found) == ["3 of 3×3", "3×3, 3 apart", "squeeze-excitation of 4"])
    let stack = found[0], dilated = found[1]
    #expect(stack.keepsShape && dilated.keepsShape)
    #expect(stack.fields?.after.height == 11)
    #expect(dilated.fields?.after == dilated.fields?.before)
    #expect(
      stack.replacement.steps.map(\.problem.stride) == [Extent(2, 2), Extent(1, 1), Extent(1, 1)])
    #expect(stack.replacement.steps.map(\.problem.inChannels) == [3, 64, 64])
  }

  @Test("what sees as far says so: two 3×3 for one 5×5, 1×k and k×1")
  func fields() throws {
    let found = try ideas("ic32ih28oc32kh5ph2")
    for detail in ["2 of 3×3", "1×5 and 5×1", "3×3, 2 apart"] {
      let idea = try #require(found.first { $0.detail == detail })
      #expect(idea.fields?.before == idea.fields?.after)
    }
    let deformable = try ideas("ic32ih28oc32kh3ph1").first { $0.kind == .deformable }
    #expect(deformable?.fields == nil)
  }

  @Test("strides stay where the output asks for them")
  func strides() throws {
    let found = try ideas("ic64ih28oc128kh3sh2ph1")
    #expect(found.allSatisfy { $0.keepsShape })
    let factors = try #require(found.first { $0.kind == .factorised })
    #expect(factors.replacement.steps[0].problem.stride == Extent(1, 2))
    #expect(factors.replacement.steps[1].problem.stride == Extent(2, 1))
  }

  @Test("a depthwise and its 1×1 become one dense convolution, and so do a 1×1 and its depthwise")
  func fused() throws {
    let found = try ideas(
      "ic32ih28oc192kh1n\"e\"", "g192ic192ih28oc192kh3ph1n\"d\"",
      "ic192ih28oc32kh1n\"p\"")
    let dense = found.filter { $0.kind == .dense }
    #expect(dense.map { $0.layers.map(\.name) } == [["e", "d"], ["d", "p"]])
    #expect(dense.map { $0.replacement.steps[0].problem.inChannels } == [32, 192])
    #expect(dense.map { $0.replacement.steps[0].problem.outChannels } == [192, 32])
    #expect(dense.allSatisfy { $0.keepsShape && $0.promised < 1 })
    #expect(dense[0].replacement.name == "e + d: one dense 3×3")
  }

  @Test("groups become dense, and a stride moves to the layer before")
  func others() throws {
    #expect(try details(ideas("g4ic64ih28oc64kh3ph1")).contains("one group"))
    let found = try ideas("ic256ih56oc128kh1n\"a\"", "ic128ih56oc128kh3sh2ph1n\"b\"")
    let earlier = try #require(found.first { $0.kind == .strideEarlier })
    #expect(earlier.keepsShape)
    #expect(earlier.replacement.steps.map(\.problem.output) == [Extent(28, 28), Extent(28, 28)])
    #expect(earlier.fields?.before != earlier.fields?.after)
    let shuffled = try #require(found.first { $0.kind == .shuffledGroups })
    #expect(shuffled.replacement.graph?.nodes.map(\.name) == ["first", "shuffled", "second"])
    #expect(shuffled.promised == 4)
  }

  @Test("layers of other multiplicity, or that do not follow each other, are no pair")
  func pairs() throws {
    let apart = try ideas("ic64ih28oc64kh1n\"a*2\"", "ic64ih28oc64kh3ph1n\"b\"")
    #expect(apart.allSatisfy { $0.layers.count == 1 })
    let other = try ideas("ic64ih28oc64kh1n\"a\"", "ic32ih28oc64kh3ph1n\"b\"")
    #expect(other.allSatisfy { $0.layers.count == 1 })
  }

  @Test("output channels are rounded up to vectors, which changes the output")
  func rounded() throws {
    let idea = try #require(try ideas("ic64ih28oc40kh1").first { $0.kind == .rounded })
    #expect(idea.detail == "48 output channels" && !idea.keepsShape)
    #expect(try ideas("ic64ih28oc48kh1").allSatisfy { $0.kind != .rounded })
    #expect(try ideas("ic64ih28oc40kh1", lanes: 8).allSatisfy { $0.kind != .rounded })
  }

  @Test("every idea for a real network is a valid case that reads the same input")
  func networks() throws {
    let library = SuiteLibrary(folder: SuiteFolder.path)
    for name in ["networks/resnet50", "networks/mobilenet_v1", "networks/xception"] {
      let suite = try library.suite(name)
      let found = IdeaMaker(lanes: 16).ideas(for: suite)
      #expect(found.count > 30)
      for idea in found { #expect(idea.original.inputShape == idea.replacement.inputShape) }
      #expect(Set(found.map(\.replacement.name)).count == found.count)
    }
  }
}
