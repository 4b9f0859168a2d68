// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A comparison of a suite file before its placeholders are filled in.
struct ComparisonTemplate {
  /// Its name, where the file gives one.
  let name: Template?
  /// What is compared with.
  let baseline: CaseTemplate
  /// Whose gain is asked for.
  let contenders: [CaseTemplate]
  /// Contenders that are programs; they compute the baseline's cases.
  let programs: [ExternalContender]
  /// The axes that it may mention.
  let axes: AxisSet
  /// Its own axes, each of which it must mention.
  let ownAxes: AxisSet
  /// Where it stands.
  let place: SuitePlace

  /// The keys of a comparison.
  static let keys = ["name", "axes", "where", "baseline", "contender", "contenders"]

  /// Reads a comparison; what it does not give comes from the top of the file.
  init(
    _ object: SuiteObject, isTop: Bool, outer: AxisSet, baseline outerBaseline: SuiteNode?,
    defaults: CaseDefaults
  ) throws(SuiteError) {
    place = object.node.place
    ownAxes = isTop ? AxisSet() : try AxisSet(object)
    axes = ownAxes.inside(outer)
    name = isTop ? nil : try CaseTemplate.name(object)
    guard let baselineNode = object["baseline"] ?? outerBaseline else {
      throw .missingKey(place: place, key: "baseline", accepted: CaseTemplate.accepted)
    }
    baseline = try CaseTemplate(baselineNode, defaults: defaults, axes: axes)
    var cases: [CaseTemplate] = []
    var programs: [ExternalContender] = []
    for node in try Self.contenderNodes(object) {
      if let program = try ExternalContender(node) {
        programs.append(program)
      } else {
        cases.append(try CaseTemplate(node, defaults: defaults, axes: axes))
      }
    }
    (contenders, self.programs) = (cases, programs)
    try checkNames()
  }

  /// The axes that it mentions anywhere.
  var names: Set<String> {
    contenders.reduce(baseline.names.union(name?.names ?? [])) { $0.union($1.names) }
  }

  private static func contenderNodes(_ object: SuiteObject) throws(SuiteError) -> [SuiteNode] {
    if let node = object["contenders"] {
      guard node.isList else { throw node.invalid(accepted: "a list of contenders") }
      let nodes = try node.elements(accepted: "a list of at least one contender")
      return nodes + [object["contender"]].compactMap { $0 }
    }
    return [try object.required("contender", accepted: CaseTemplate.accepted)]
  }

  private func checkNames() throws(SuiteError) {
    let mentions =
      baseline.mentions + contenders.flatMap(\.mentions)
      + [name].compactMap { $0 }.map { ($0.names, $0.place) }
    for (names, place) in mentions { try axes.check(names, at: place) }
    let mentioned = names
    for axis in ownAxes.axes
    where axis.values.count > 1 && mentioned.isDisjoint(with: axis.fields) {
      throw .unusedAxis(place: axis.place, axis: axis.name)
    }
  }
}

extension ExternalContender {
  /// Reads `{ name, exec }`; nil for anything without `exec`.
  init?(_ node: SuiteNode) throws(SuiteError) {
    guard node.isObject,
      try node.members(accepted: "an object").contains(where: { $0.key == "exec" })
    else { return nil }
    let object = try node.object(keys: ["name", "exec"])
    let named = try object.required("name", accepted: "text in quotes")
    name = try named.filled()
    guard Self.mayBeCalled(name) else { throw named.invalid(accepted: Self.acceptedNames) }
    let accepted = "a list of texts, the program and its arguments"
    let list = try object.required("exec", accepted: accepted)
    var exec: [String] = []
    for element in try list.elements(accepted: accepted) {
      // An argument may be empty, and the program may not; the system ends either at a zero.
      let text =
        try exec.isEmpty
        ? element.filled(accepted: accepted) : element.string(accepted: accepted)
      guard !text.contains("\0") else { throw element.invalid(accepted: accepted) }
      exec.append(text)
    }
    self.exec = exec
  }
}
