// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A cost that follows from shapes alone, and may explain the time of a network.
public enum CostKind: String, CaseIterable, Codable, Hashable, Sendable {
  /// Elements of the outputs of all convolutions.
  ///
  /// - Source: Radosavovic et al., Designing Network Design Spaces, CVPR 2020, section 4.
  case activations
  /// Multiply-accumulates.
  case macs
  /// Filter weights.
  case parameters
  /// Compulsory traffic, in bytes.
  case traffic

  /// The cost of a case.
  public func value(of suiteCase: SuiteCase) -> Double {
    switch self {
    case .activations: suiteCase.steps.reduce(0) { $0 + Double($1.problem.outputShape.count) }
    case .macs: Double(suiteCase.cost.macs)
    case .parameters: Double(suiteCase.cost.parameters)
    case .traffic: Double(suiteCase.cost.trafficBytes)
    }
  }

  /// How a sentence names it.
  public var words: String {
    switch self {
    case .activations, .parameters, .traffic: rawValue
    case .macs: "MACs"
    }
  }
}
