// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension Epilogue {
  /// Every epilogue, in the order in which an error lists them.
  static let inSuites = [
    Epilogue(), Epilogue(hasBias: true), Epilogue(hasReLU: true),
    Epilogue(hasBias: true, hasReLU: true),
  ]

  /// How a suite file names it.
  var suiteName: String {
    switch (hasBias, hasReLU) {
    case (false, false): "none"
    case (true, false): "bias"
    case (false, true): "relu"
    case (true, true): "bias+relu"
    }
  }
}
