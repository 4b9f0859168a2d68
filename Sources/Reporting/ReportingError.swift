// SPDX-License-Identifier: Apache-2.0

/// Why results cannot be written.
public enum ReportingError: Error, Hashable, Sendable {
  /// A file or folder cannot be created or written.
  case cannotWrite(path: String, reason: String)
}
