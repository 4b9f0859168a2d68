// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Why results cannot be written, or read back.
public enum ReportingError: Error, Hashable, Sendable {
  /// A file or folder cannot be created or written.
  case cannotWrite(path: String, reason: String)
  /// Another process writes to the folder; `owner` says which.
  case inUse(path: String, owner: String)
  /// A file of an earlier run cannot be read.
  case cannotRead(path: String, reason: String)
  /// A line of a file of an earlier run is not what it should be; `complaint` names the column.
  case malformed(path: String, line: Int, complaint: String)
  /// An earlier run cannot be continued as it was begun.
  case cannotResume(path: String, reason: String)

  init(_ fault: CSVFault) {
    self =
      fault.line.map { .malformed(path: fault.path, line: $0, complaint: fault.complaint) }
      ?? .cannotRead(path: fault.path, reason: fault.complaint)
  }
}
