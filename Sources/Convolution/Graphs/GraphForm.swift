// SPDX-License-Identifier: Apache-2.0

/// How a graph is run.
public enum GraphForm: String, CaseIterable, Hashable, Sendable {
  /// Node after node, each result written before the next begins, as a framework runs it.
  case unfused
  /// With nodes joined wherever the kernels allow it.
  case fused
}
