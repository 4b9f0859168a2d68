// SPDX-License-Identifier: Apache-2.0

/// One value of each axis.
struct AxisCombination {
  /// What each placeholder stands for.
  private(set) var values: [String: AxisValue] = [:]
  /// The placeholders in the order of the axes.
  private(set) var fields: [String] = []
  /// Those of each axis with more than one value, which must show in names.
  private var varyingAxes: [[String]] = []

  /// A combination with the given value of an axis added.
  func adding(_ axis: Axis, _ value: [AxisValue]) -> AxisCombination {
    var combination = self
    for (field, fieldValue) in zip(axis.fields, value) {
      combination.values[field] = fieldValue
      combination.fields.append(field)
    }
    if axis.values.count > 1 { combination.varyingAxes.append(axis.fields) }
    return combination
  }

  /// The values as text, of the placeholders in `included`; nil stands for all.
  func texts(of included: Set<String>? = nil) -> [String: String] {
    values.filter { included?.contains($0.key) ?? true }.mapValues(\.description)
  }

  /// The values that tell it from other combinations, as `groups=8 channels=256`.
  ///
  /// Axes that `name` mentions are told apart by it; of the others, the placeholders in `included`
  /// are taken, or all.
  func label(besides name: Template?, of included: Set<String>? = nil) -> String {
    let mentioned = name?.names ?? []
    return varyingAxes.filter { Set(mentioned).isDisjoint(with: $0) }.joined()
      .filter { included?.contains($0) ?? true }
      .compactMap { field in values[field].map { "\(field)=\($0)" } }
      .joined(separator: " ")
  }
}
