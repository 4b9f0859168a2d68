// SPDX-License-Identifier: Apache-2.0

/// Whose kernel a row was computed with.
enum RuntimeName {
  /// Families of variants that are libraries linked into the program, and what users call these.
  private static let linked = [
    "onednn/": "onednn", "xnnpack/": "xnnpack", "im2col-openblas/": "openblas",
  ]
  /// What a row is called for which the selection found no kernel.
  private static let unselected = "best"

  /// The runtime behind an id of the column `kernel`; nil where it is ours.
  static func of(_ kernel: String) -> String? {
    if let name = linked.first(where: { kernel.hasPrefix($0.key) })?.value { return name }
    // Ids of variants name at least a family and a layout; external contenders have a plain name.
    return kernel.contains("/") || kernel == unselected ? nil : kernel
  }
}
