// SPDX-License-Identifier: Apache-2.0

/// Why there is no figure or page.
enum PlotError: Error {
  /// There is no Python to run the scripts.
  case noPython(String)
  /// The scripts' packages are missing and could not be fetched.
  case notSetUp(String)
  /// The script of this name failed.
  case failed(String, String)
  /// The script of this name said that what it was given is no run.
  case invalidInput(String)
}

extension PlotError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noPython(let reason):
      "figures and pages need Python 3: \(reason); where it is missing: "
        + "apt-get install -y python3 python3-venv"
    case .notSetUp(let reason): "figures and pages need their packages first: \(reason)"
    case .failed(let name, let reason):
      "plot-scripts/\(name) wrote nothing: \(reason); the results are complete"
    case .invalidInput(let name): "plot-scripts/\(name) wrote nothing; what is wrong stands above"
    }
  }

  /// What the program ends with.
  var code: ExitCode {
    if case .invalidInput = self { return .invalidInput }
    return .failure
  }
}
