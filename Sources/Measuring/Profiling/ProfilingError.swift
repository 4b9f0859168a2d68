// SPDX-License-Identifier: Apache-2.0

/// Why a case cannot be profiled.
public enum ProfilingError: Error, Hashable, Sendable {
  /// No variant in this process computes it.
  case unsupported(String)
  /// Something went wrong.
  case failed(String)
  /// Its output is not the reference's.
  case wrong(String)
}
