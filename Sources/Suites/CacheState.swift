// SPDX-License-Identifier: Apache-2.0

/// What the caches hold when a measurement starts.
public enum CacheState: String, CaseIterable, Hashable, Sendable {
  /// Whatever the run before has left there.
  case warm
  /// Activations, but not the filter: what a network does, where other layers run in between.
  case coldFilter = "cold-filter"
  /// Neither activations nor filter.
  case cold
}
