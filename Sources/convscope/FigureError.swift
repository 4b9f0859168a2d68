// SPDX-License-Identifier: Apache-2.0

/// Why there is no figure.
enum FigureError: Error {
  /// The scripts' environment was not made yet; the script that makes it.
  case notSetUp(String)
  /// The script of this name failed.
  case failed(String, String)
}

extension FigureError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notSetUp(let script): "the figures need their packages first: run \(script)"
    case .failed(let name, let reason):
      "plot-scripts/\(name) drew nothing: \(reason); the results are complete"
    }
  }
}
