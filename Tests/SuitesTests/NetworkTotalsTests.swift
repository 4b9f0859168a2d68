// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

/// What the literature, and a count of our own from the papers' tables, give for a network.
struct NetworkTotals: Sendable, CustomTestStringConvertible {
  let name: String
  /// Convolutions, multiplicity counted.
  let layers: Int
  /// Million MACs of the convolutions.
  let macs: Double
  /// Million MACs whose taps fall inside the image.
  let macsInsideImage: Double
  /// Million weights of the convolutions.
  let parameters: Double
  var testDescription: String { name }
}

@Suite("The networks' totals")
struct NetworkTotalsTests {
  private static let totals = [
    NetworkTotals(
      name: "alexnet", layers: 5, macs: 665.78, macsInsideImage: 612.70, parameters: 2.333),
    NetworkTotals(
      name: "vgg16", layers: 13, macs: 15346.63, macsInsideImage: 14846.19, parameters: 14.710),
    NetworkTotals(
      name: "googlenet", layers: 57, macs: 1581.65, macsInsideImage: 1503.59, parameters: 5.966),
    NetworkTotals(
      name: "nin", layers: 12, macs: 1100.19, macsInsideImage: 1019.58, parameters: 7.590),
    NetworkTotals(
      name: "resnet50", layers: 53, macs: 4087.14, macsInsideImage: 3946.20, parameters: 23.455),
    NetworkTotals(
      name: "resnet50_v1", layers: 53, macs: 3855.93, macsInsideImage: 3696.76, parameters: 23.455),
    NetworkTotals(
      name: "se_resnet50", layers: 85, macs: 3858.44, macsInsideImage: 3699.27, parameters: 25.970),
    NetworkTotals(
      name: "resnext50_32x4d", layers: 53, macs: 4228.43, macsInsideImage: 4209.24,
      parameters: 22.912),
    NetworkTotals(
      name: "mobilenet_v1", layers: 27, macs: 567.72, macsInsideImage: 566.85, parameters: 3.185),
    NetworkTotals(
      name: "mobilenet_v2", layers: 52, macs: 299.49, macsInsideImage: 298.40, parameters: 2.190),
    NetworkTotals(
      name: "xception", layers: 74, macs: 8355.36, macsInsideImage: 8349.71, parameters: 20.752),
    NetworkTotals(
      name: "shufflenet_v1_g3", layers: 49, macs: 136.50, macsInsideImage: 136.17,
      parameters: 0.880),
    NetworkTotals(
      name: "densenet121", layers: 120, macs: 2833.14, macsInsideImage: 2777.24, parameters: 6.870),
    NetworkTotals(
      name: "deeplab_atrous", layers: 70, macs: 228164.96, macsInsideImage: 171346.12,
      parameters: 104.5),
    NetworkTotals(
      name: "wavenet_atrous", layers: 30, macs: 1509.95, macsInsideImage: 1509.95,
      parameters: 0.369),
    NetworkTotals(
      name: "deformable", layers: 34, macs: 45917.86, macsInsideImage: 44261.75, parameters: 20.1),
  ]

  @Test("Layers, MACs and weights of a network add up to its known totals", arguments: totals)
  func addUp(expected: NetworkTotals) throws {
    let suite = try SuiteFolder.library.suite("networks/\(expected.name)")
    // Blocks are the same layers again.
    let layers = suite.cases.filter { !$0.isBlock }
    func total(_ value: (SuiteCase) -> Int) -> Double {
      Double(layers.reduce(0) { $0 + $1.multiplicity * value($1) }) / 1e6
    }
    #expect(total { _ in 1_000_000 } == Double(expected.layers))
    // The known totals are rounded: MACs to ten thousand, weights to a thousand or worse.
    #expect(abs(total { $0.cost.macs } - expected.macs) <= 0.0051)
    #expect(abs(total { $0.cost.macsInsideImage } - expected.macsInsideImage) <= 0.0051)
    let rounding = expected.parameters > 20 && expected.macs > 40000 ? 0.051 : 0.00051
    #expect(abs(total { $0.cost.parameters } - expected.parameters) <= rounding)
  }

  @Test("Blocks of a network are made of its layers, and have each at most as often as it has")
  func blocksAreLayers() throws {
    for name in SuiteFolder.names where name.hasPrefix("networks/") {
      let suite = try SuiteFolder.library.suite(name)
      var left: [ConvolutionProblem: Int] = [:]
      for layer in suite.cases where !layer.isBlock {
        left[layer.steps[0].problem, default: 0] += layer.multiplicity
      }
      for block in suite.cases where block.isBlock {
        for convolution in block.steps {
          left[convolution.problem, default: 0] -= block.multiplicity
        }
      }
      #expect(left.values.allSatisfy { $0 >= 0 }, "\(name)")
    }
  }

  @Test("Every network of the folder has its totals checked")
  func everyNetwork() {
    let networks = SuiteFolder.names.filter { $0.hasPrefix("networks/") }
    #expect(Set(networks) == Set(Self.totals.map { "networks/\($0.name)" }))
  }
}
