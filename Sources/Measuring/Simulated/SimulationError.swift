// SPDX-License-Identifier: Apache-2.0

/// Why a simulation has no counts.
public enum SimulationError: Error, Hashable, Sendable {
  /// The simulated program could not be started or did not end well.
  case failed(String)
}
