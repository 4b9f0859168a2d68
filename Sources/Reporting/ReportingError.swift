// SPDX-License-Identifier: Apache-2.0

public import Boundary

/// Why results cannot be written, or read back.
public enum ReportingError: Error, Hashable, Sendable {
  /// A file or folder cannot be created or written.
  case cannotWrite(path: String, reason: String)
  /// A file of an earlier run cannot be read.
  case cannotRead(path: String, reason: String)
  /// An earlier run cannot be continued as it was begun.
  case cannotResume(path: String, reason: String)
}

extension ReportingError {
  /// That a file cannot be written.
  public init(_ failure: FileFailure) {
    self = .cannotWrite(path: failure.path, reason: failure.reason)
  }
}
