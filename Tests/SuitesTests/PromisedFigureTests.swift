// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("The figures that the literature promises")
struct PromisedFigureTests {
  /// The comparisons of a suite: axes, and the costs of both sides.
  private func costs(
    _ name: String
  ) throws -> [(comparison: SuiteComparison, baseline: CostModel, contender: CostModel)] {
    let suite = try SuiteFolder.library.suite(name)
    return try suite.comparisons.map { comparison in
      let baseline = try #require(suite.suiteCase(named: comparison.baselineCase))
      let contender = try #require(suite.suiteCase(named: comparison.contenderCase))
      return (comparison, baseline.cost, contender.cost)
    }
  }

  private func value(_ comparison: SuiteComparison, _ axis: String) throws -> Int {
    try #require(comparison.axes[axis].flatMap { Int($0) })
  }

  @Test("g groups have 1/g of the weights and multiply-accumulates")
  func groups() throws {
    for (comparison, baseline, contender) in try costs("group-vs-standard") {
      let groups = try value(comparison, "groups")
      #expect(baseline.parameters == groups * contender.parameters)
      #expect(baseline.macs == groups * contender.macs)
      if try value(comparison, "channels") == 256, groups == 8 {
        #expect(baseline.parameters == 589_824)
        #expect(contender.parameters == 73_728)
      }
    }
  }

  @Test("stacks of 3×3 have 9n·C² weights, one kernel has k²·C²; a dilated 3×3 has 9·C²")
  func stacks() throws {
    for (comparison, baseline, contender) in try costs("small-vs-large") {
      let field = try value(comparison, "receptive_field")
      let channels = try value(comparison, "channels")
      let isStack = comparison.axes["contender"] == "stack of 3x3"
      #expect(baseline.parameters == field * field * channels * channels)
      #expect(
        contender.parameters == (isStack ? 9 * (field - 1) / 2 : 9) * channels * channels)
      if isStack, field == 5 {
        #expect(contender.parameters == 18 * channels * channels)
        #expect(baseline.parameters == 25 * channels * channels)
      }
    }
  }

  @Test("a bottleneck of 256 channels has 69,632 weights, a dense 3×3 has 589,824")
  func bottleneck() throws {
    let found = try costs("bottleneck").filter { try value($0.comparison, "channels") == 256 }
    #expect(!found.isEmpty)
    for (_, baseline, contender) in found {
      #expect(baseline.parameters == 589_824)
      #expect(contender.parameters == 69_632)
    }
  }

  @Test("depthwise has 9·C weights, with the pointwise convolution C² more")
  func depthwise() throws {
    for (comparison, baseline, contender) in try costs("depthwise-vs-dense") {
      let channels = try value(comparison, "channels")
      if comparison.axes["outputs"] != nil {
        // Two forms of one block.
        let outputs = try value(comparison, "outputs")
        #expect(baseline.parameters == 9 * channels + channels * outputs)
        #expect(contender.parameters == baseline.parameters)
        continue
      }
      let pointwise = comparison.axes["contender"] == "depthwise" ? 0 : channels * channels
      #expect(baseline.parameters == 9 * channels * channels)
      #expect(contender.parameters == 9 * channels + pointwise)
    }
  }

  @Test("inception 3a has 159 K weights and 128 M multiply-accumulates")
  func inception() throws {
    let suite = try SuiteFolder.library.suite("inception")
    let module = try #require(suite.cases.first { $0.name.hasPrefix("with reductions 3a, un") })
    #expect(module.cost.parameters == 163_328)
    #expect(module.cost.parameters / 1024 == 159)
    #expect(module.cost.macs / 1_000_000 == 128)
  }

  @Test("a skip connection without projection has no weights; channel weighting has 2·C²/r")
  func additions() throws {
    for (comparison, baseline, contender) in try costs("residual")
    where comparison.name.contains("identity") {
      #expect(baseline.parameters == contender.parameters)
      #expect(baseline.macs == contender.macs)
    }
    for (comparison, baseline, contender) in try costs("squeeze-excitation") {
      let channels = try value(comparison, "channels")
      let ratio = try value(comparison, "ratio")
      #expect(contender.parameters == baseline.parameters + 2 * channels * channels / ratio)
    }
  }

  @Test("a dense block's layers read all earlier ones; a shuffle has no weights")
  func blocks() throws {
    for (comparison, _, contender) in try costs("dense-connectivity") {
      let growth = try value(comparison, "growth")
      let layers = 0..<(try value(comparison, "depth"))
      #expect(contender.parameters == layers.reduce(0) { $0 + 9 * growth * (64 + $1 * growth) })
    }
    for (comparison, baseline, contender) in try costs("shuffle")
    where comparison.name.hasPrefix("two 1x1") {
      #expect(baseline.parameters == (try value(comparison, "groups")) * contender.parameters)
    }
  }
}
