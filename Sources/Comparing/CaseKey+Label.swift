// SPDX-License-Identifier: Apache-2.0

extension CaseKey {
  /// The key as people read it.
  public var label: String {
    [suite, name, kernel, "\(workers) worker\(workers == 1 ? "" : "s")", cache]
      .joined(separator: " · ")
  }
}
