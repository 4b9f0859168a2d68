// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@Suite("The cost model")
struct CostModelTests {
  private func cost(_ descriptors: String...) throws -> CostModel {
    CostModel(
      sequence: try descriptors.map { CostModel(try ProblemDescriptor.parse($0).problem) })
  }

  @Test("Groups divide parameters and MACs by their number")
  func groups() throws {
    let dense = try cost("ic256ih28oc256kh3ph1")
    #expect(dense.parameters == 589_824)
    #expect(dense.macs == 589_824 * 28 * 28)
    #expect(try cost("g8ic256ih28oc256kh3ph1").parameters == 73_728)
    for groups in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
      let grouped = try cost("g\(groups)ic256ih28oc256kh3ph1")
      #expect(grouped.parameters * groups == dense.parameters)
      #expect(grouped.macs * groups == dense.macs)
      #expect(grouped.macsInsideImage * groups == dense.macsInsideImage)
    }
  }

  @Test("A number of half the bytes is half the traffic, and changes nothing else")
  func dataTypes() throws {
    let (whole, half) = (try cost("ic16ih7oc32kh3ph1"), try cost("--dt=bf16 ic16ih7oc32kh3ph1"))
    #expect(whole.trafficBytes == 4 * (16 * 49 + 32 * 16 * 9 + 32 * 49))
    #expect(2 * half.trafficBytes == whole.trafficBytes)
    #expect((half.macs, half.parameters) == (whole.macs, whole.parameters))
  }

  @Test("Taps inside the image are as many as visiting each shows, whatever the sizes")
  func tapsInside() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let sizes = (0..<5).map { _ in Int.random(in: 1...9, using: &generator) }
      let padding = Int.random(in: 0...12, using: &generator)
      let text = "ic1ih1iw\(sizes[0])oc1kh1kw\(sizes[1])sw\(sizes[2])pw\(padding)dw\(sizes[3])"
      guard let problem = try? ProblemDescriptor.parse(text).problem else { continue }
      var inside = 0
      for position in 0..<problem.output.width {
        for tap in 0..<problem.kernel.width {
          let place = position * problem.stride.width + tap * problem.dilation.width - padding
          if (0..<problem.input.width).contains(place) { inside += 1 }
        }
      }
      #expect(CostModel(problem).macsInsideImage == inside, "\(text)")
    }
  }

  @Test("A kernel of 2²⁴ taps is counted without visiting them for each output")
  func wide() throws {
    let wide = try cost("ic1ih1iw16777216oc1kh1kw16777216ph0pw8388608")
    #expect(wide.macs == 16_777_217 * 16_777_216)
    #expect(wide.macsInsideImage < wide.macs)
  }

  @Test("A bottleneck has 69,632 weights where the dense 3x3 has 589,824")
  func bottleneck() throws {
    let bottleneck = try cost("ic256ih28oc64kh1", "ic64ih28oc64kh3ph1", "ic64ih28oc256kh1")
    #expect(bottleneck.parameters == 69_632)
    #expect(bottleneck.macs == 69_632 * 28 * 28)
  }

  @Test(
    "A stack of n 3x3 has 9nC² weights where the kernel of the same receptive field has (2n+1)²C²",
    arguments: [(2, 5), (3, 7), (4, 9), (5, 11)])
  func stacks(count: Int, size: Int) throws {
    let channels = 64
    let stack = CostModel(
      sequence: try (0..<count).map { _ in try cost("ic64ih56oc64kh3ph1") })
    #expect(stack.parameters == 9 * count * channels * channels)
    let large = try cost("ic64ih56oc64kh\(size)ph\(size / 2)")
    #expect(large.parameters == size * size * channels * channels)
  }

  @Test("A dilated kernel costs what its taps cost, not what it covers")
  func dilation() throws {
    let dense = try cost("ic64ih56oc64kh3ph1")
    let dilated = try cost("ic64ih56oc64kh3ph4dh3")
    #expect(dilated.macs == dense.macs)
    #expect(dilated.parameters == dense.parameters)
    // More of its taps fall into the padding.
    #expect(dilated.macsInsideImage < dense.macsInsideImage)
  }

  @Test("Bytes are those of input, filter and output, once each")
  func traffic() throws {
    let cost = try cost("mb2ic3ih5iw7oc4kh3kw1")
    #expect(cost.trafficBytes == 4 * (2 * 3 * 5 * 7 + 4 * 3 * 3 * 1 + 2 * 4 * 3 * 7))
    #expect(cost.flops == 2 * (2 * 4 * 3 * 7) * (3 * 3 * 1))
    #expect(cost.arithmeticIntensity == Double(cost.flops) / Double(cost.trafficBytes))
  }

  @Test("MACs inside the image are counted as going through every tap counts them")
  func insideByCounting() throws {
    for seed in UInt64(0)..<500 {
      var generator = SeededGenerator(seed: seed)
      let problem = try generator.problem()
      let cost = CostModel(problem)
      let ones = ConvolutionOperation(problem)
      // With ones everywhere, each output is the number of its taps inside the image.
      let counted = ReferenceConvolution(
        ones, input: [Float](repeating: 1, count: problem.inputShape.count),
        weights: Weights(ones, filter: [Float](repeating: 1, count: problem.filterCount)))
      let text = ProblemDescriptor.print(problem)
      #expect(
        Double(cost.macsInsideImage) == counted.values.reduce(0, +), "seed \(seed): \(text)")
      #expect(cost.macsInsideImage <= cost.macs, "seed \(seed): \(text)")
    }
  }
}
