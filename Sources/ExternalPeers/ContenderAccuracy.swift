// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// How closely a contender says that it follows the textbook sum.
public enum ContenderAccuracy: Hashable, Sendable {
  /// It sums the products themselves, in some order.
  case exact
  /// It transforms first (Winograd, FFT), and its error stays below `relativeBound` times the
  /// largest `Σ|x·w|` of all outputs.
  case fast(relativeBound: Double)

  /// The class in the terms of the variants in process.
  public var accuracyClass: AccuracyClass {
    switch self {
    case .exact: .exact
    case .fast: .fast
    }
  }

  /// What the output of `operation` is held to.
  public func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
    switch self {
    // Integers are rounded once more by libraries that add a bias in floats, or scale in other steps.
    case .exact:
      operation.problem.dataType.output == .u8
        ? ErrorBound(relative: 0, absolute: 1) : .summation(operation)
    case .fast(let bound): ErrorBound(relative: bound, scale: .largest)
    }
  }
}

extension ContenderAccuracy {
  /// What the protocol's `accuracy` and `error_bound` say, or nil where they make no sense.
  init?(name: String, bound: Double?) {
    switch (name, bound) {
    case (AccuracyClass.exact.rawValue, nil): self = .exact
    case (AccuracyClass.fast.rawValue, .some(let bound)) where bound > 0 && bound < 1:
      self = .fast(relativeBound: bound)
    default: return nil
    }
  }

  /// The protocol's `error_bound`; nil for the exact class.
  var bound: Double? {
    switch self {
    case .exact: nil
    case .fast(let bound): bound
    }
  }
}
