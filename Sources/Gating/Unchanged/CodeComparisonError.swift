// SPDX-License-Identifier: Apache-2.0

/// Why it cannot be told whether two builds have the same machine code.
public enum CodeComparisonError: Error, Hashable, Sendable {
  /// Beside the program lie no object files, as beside a copy of it.
  case noObjects(program: String)
  /// An object file is missing, or was compiled after the program was linked.
  case notOfThisProgram(object: String)
  /// binutils are missing.
  case noTool(accepted: [String])
  /// The tool does not read an object file.
  case toolFailed(object: String, reason: String)
}

extension CodeComparisonError: CustomStringConvertible {
  /// One line with the file and what is needed.
  public var description: String {
    switch self {
    case .noObjects(let program):
      "\(program) does not lie in the folder that `swift build` made, so its object files are not "
        + "known"
    case .notOfThisProgram(let object):
      "\(object) is missing or newer than the program beside it; build again"
    case .noTool(let accepted):
      "\(accepted.joined(separator: " and ")) are missing; the package binutils has the first"
    case .toolFailed(let object, let reason): "\(object) cannot be read: \(reason)"
    }
  }
}
