// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Why results cannot be compared.
public enum ComparingError: Error, Hashable, Sendable {
  /// A folder that was named is not there.
  case missing(path: String)
  /// A file is missing or cannot be read.
  case unreadable(path: String, reason: String)
  /// A file is not what it should be; `reason` says what is accepted.
  case malformed(path: String, reason: String)
  /// A line of a file is not what it should be; `complaint` names the column and what is accepted.
  case malformedLine(path: String, line: Int, complaint: String)
  /// A run's files are of a version that this program does not know.
  case unknownSchema(path: String, found: Int, accepted: [Int])
  /// Nothing stands on both sides.
  case nothingInCommon(first: String, second: String)
  /// No comparison stands in two columns.
  case nothingShared([String])
}

extension ComparingError {
  init(_ fault: CSVFault) {
    self =
      fault.line.map { .malformedLine(path: fault.path, line: $0, complaint: fault.complaint) }
      ?? .unreadable(path: fault.path, reason: fault.complaint)
  }
}

extension ComparingError: CustomStringConvertible {
  /// One line with the file and what is accepted.
  public var description: String {
    switch self {
    case .missing(let path):
      "there is no folder \(path); accepted is that of a run, or of a history"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .malformed(let path, let reason): "\(path) is not valid: \(reason)"
    case .malformedLine(let path, let line, let complaint): "\(path):\(line): \(complaint)"
    case .unknownSchema(let path, let found, let accepted):
      "\(path) has the schema \(found); accepted is "
        + accepted.map(String.init).joined(separator: ", ")
    case .nothingInCommon(let first, let second):
      "\(first) and \(second) have no case with the same kernel, workers and cache that both timed"
    case .nothingShared(let paths):
      "no comparison is in two columns (machine, worker count, element type) of "
        + paths.joined(separator: ", ")
    }
  }
}
