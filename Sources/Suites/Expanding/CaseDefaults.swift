// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What the top of a suite file says of every case that does not say it itself.
struct CaseDefaults {
  /// What follows each step.
  let epilogue: Epilogue
  private let type: Template?

  /// The axis that stands for the data type of every case that has no key of that name.
  static let typeAxis = "dt"

  /// The keys `epilogue` and `dt` of the object at the top.
  init(_ root: SuiteObject) throws(SuiteError) {
    epilogue = try root["epilogue"].map(CaseTemplate.epilogue) ?? Epilogue()
    type = try root["dt"].map(Template.init(type:))
  }

  /// The data type of a case at `place`, among `axes`; nil where nothing says one.
  func dataType(_ axes: AxisSet, at place: SuitePlace) -> Template? {
    type ?? (axes.fields.contains(Self.typeAxis) ? Template(axis: Self.typeAxis, at: place) : nil)
  }
}

extension Template {
  /// Reads the text of a key `dt`.
  init(type node: SuiteNode) throws(SuiteError) {
    try self.init(
      node, accepted: "\(DataType.accepted), a placeholder, or an axis of that name for several")
  }

  /// The data type that the text gives for the given axis values.
  func dataType(_ axes: [String: AxisValue]) throws(SuiteError) -> DataType {
    let text = try expand(axes)
    guard let type = DataType(option: text) else {
      throw .invalidValue(
        place: place, value: "the data type ‘\(text)’", accepted: DataType.accepted)
    }
    return type
  }
}
