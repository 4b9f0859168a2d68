// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Collects cases and comparisons, keeping their names unique.
struct SuiteBuilder {
  private(set) var cases: [SuiteCase] = []
  private(set) var comparisons: [SuiteComparison] = []
  private(set) var axisNames: [String] = []
  private(set) var programs: [ExternalContender] = []
  /// The placeholders that anything so far has mentioned.
  private(set) var mentioned: Set<String> = []
  private var caseIndex: [String: Int] = [:]
  private var comparisonNames: Set<String> = []
  /// Steps and nodes so far, each as often as it was expanded.
  private var expandedSteps = 0

  /// The axis that tells the contenders of one comparison apart.
  static let contenderAxis = "contender"

  /// Adds the cases of a template from the file's list of cases; a name may not come twice.
  mutating func addCases(
    _ template: CaseTemplate, axes: AxisSet, ownAxes: AxisSet
  ) throws(SuiteError) {
    for (names, place) in template.mentions { try axes.check(names, at: place) }
    let names = template.names
    for axis in ownAxes.axes where axis.values.count > 1 && names.isDisjoint(with: axis.fields) {
      throw .unusedAxis(place: axis.place, axis: axis.name)
    }
    mentioned.formUnion(names)
    let labels = Set(ownAxes.axes.filter { $0.values.count == 1 }.flatMap(\.fields))
    for combination in try axes.combinations(for: names, at: template.place) {
      let suiteCase = try template.expand(combination, labels: labels)
      guard caseIndex[suiteCase.name] == nil else {
        throw .duplicateCase(place: template.place, name: suiteCase.name)
      }
      try append(suiteCase, at: template.place)
      try addLayers(template, of: suiteCase)
    }
  }

  /// Adds the convolutions of a block as cases of their own, where the file asks for them.
  private mutating func addLayers(
    _ template: CaseTemplate, of block: SuiteCase
  ) throws(SuiteError) {
    for layer in template.layers(of: block) {
      guard caseIndex[layer.name] == nil else {
        throw .duplicateCase(place: template.place, name: layer.name)
      }
      try append(layer, at: template.place)
    }
  }

  /// Adds what a comparison expands to.
  mutating func addComparison(_ template: ComparisonTemplate) throws(SuiteError) {
    mentioned.formUnion(template.names)
    for program in template.programs { try addProgram(program, at: template.place) }
    for combination in try template.axes.combinations(for: template.names, at: template.place) {
      let baseline = try addShared(template.baseline, combination)
      for contender in template.contenders {
        let contenderCase = try addShared(contender, combination)
        let label =
          template.contenders.count > 1
          ? try contender.name?.name(combination.values) ?? contenderCase : nil
        try addComparison(
          template, combination, baseline: baseline, contender: contenderCase, label: label)
      }
    }
  }

  /// Adds a program; its name may not come twice.
  mutating func addProgram(
    _ program: ExternalContender, at place: SuitePlace
  ) throws(SuiteError) {
    guard !programs.contains(where: { $0.name == program.name && $0 != program }) else {
      throw .invalidValue(
        place: place, value: "the external contender ‘\(program.name)’", accepted: "unique names")
    }
    if !programs.contains(program) { programs.append(program) }
  }

  private mutating func addComparison(
    _ template: ComparisonTemplate, _ combination: AxisCombination, baseline: String,
    contender: String, label: String?
  ) throws(SuiteError) {
    let name = try template.name?.name(combination.values)
    let parts = [name, label, combination.label(besides: template.name)].compactMap { $0 }
      .filter { !$0.isEmpty }
    var axes = combination.texts()
    // An axis of that name, given by the file, stays.
    axes[Self.contenderAxis] = axes[Self.contenderAxis] ?? label
    let comparison = SuiteComparison(
      name: parts.isEmpty ? contender : parts.joined(separator: " "), baselineCase: baseline,
      contenderCase: contender, axes: axes)
    guard comparisonNames.insert(comparison.name).inserted else {
      throw .duplicateComparison(place: template.place, name: comparison.name)
    }
    guard comparisons.count < SuiteLimits.mostCases else {
      throw .tooMany(place: template.place, what: "comparisons", accepted: SuiteLimits.mostCases)
    }
    let columns = combination.fields + (label == nil ? [] : [Self.contenderAxis])
    for column in columns where !axisNames.contains(column) { axisNames.append(column) }
    comparisons.append(comparison)
  }

  /// Adds a case that several comparisons may share, and gives its name.
  private mutating func addShared(
    _ template: CaseTemplate, _ combination: AxisCombination
  ) throws(SuiteError) -> String {
    let suiteCase = try template.expand(combination)
    if let index = caseIndex[suiteCase.name] {
      guard cases[index].computesSame(as: suiteCase) else {
        throw .duplicateCase(place: template.place, name: suiteCase.name)
      }
      try count(suiteCase, at: template.place)
    } else {
      try append(suiteCase, at: template.place)
      try addLayers(template, of: suiteCase)
    }
    return suiteCase.name
  }

  private mutating func append(
    _ suiteCase: SuiteCase, at place: SuitePlace
  ) throws(SuiteError) {
    guard cases.count < SuiteLimits.mostCases else {
      throw .tooMany(place: place, what: "cases", accepted: SuiteLimits.mostCases)
    }
    try count(suiteCase, at: place)
    caseIndex[suiteCase.name] = cases.count
    cases.append(suiteCase)
  }

  /// Counts what was expanded, whether it is kept or was there before.
  private mutating func count(
    _ suiteCase: SuiteCase, at place: SuitePlace
  ) throws(SuiteError) {
    expandedSteps += suiteCase.graph?.nodes.count ?? suiteCase.steps.count
    guard expandedSteps <= SuiteLimits.mostExpandedSteps else {
      throw .tooMany(
        place: place, what: "steps and nodes in all cases together",
        accepted: SuiteLimits.mostExpandedSteps)
    }
  }
}
