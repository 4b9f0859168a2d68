// SPDX-License-Identifier: Apache-2.0

public import Suites

/// What the command line asks for on top of a suite.
public struct PlanOptions: Sendable {
  /// Patterns of variant ids; empty leaves the choice to the suite.
  public var kernels: [String]
  /// Patterns measured in any case, beside those of the command line or the suite.
  public var addedKernels: [String]
  /// Runtimes that each suite's question is asked of, too.
  public var runtimes: [Runtime] = []
  /// Worker counts; empty leaves the choice to the suite.
  public var workers: [Int]
  /// Worker counts where neither the command line nor the suite names any.
  public var usualWorkers = [1]
  /// Cache states; empty leaves the choice to the suite.
  public var caches: [CacheState]
  /// Whether a case is wanted, by its name; the text is for the error that none is.
  public var only: (pattern: String, matches: @Sendable (String) -> Bool)?

  /// Options; by default everything is left to the suite.
  public init(
    kernels: [String] = [], addedKernels: [String] = [], workers: [Int] = [],
    caches: [CacheState] = [],
    only: (pattern: String, matches: @Sendable (String) -> Bool)? = nil
  ) {
    self.kernels = kernels
    self.addedKernels = addedKernels
    self.workers = workers
    self.caches = caches
    self.only = only
  }
}
