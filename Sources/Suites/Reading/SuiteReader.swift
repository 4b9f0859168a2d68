// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Makes a suite of the text of a suite file.
struct SuiteReader {
  private let root: SuiteObject
  private let axes: AxisSet
  private let defaults: CaseDefaults

  /// The keys at the top of a suite file.
  static let keys = [
    "title", "question", "answer", "source", "axes", "where", "baseline", "contender", "contenders",
    "comparisons", "cases", "epilogue", "dt", "kernels", "workers", "cache", "contenderKernels",
    "externalContenders", "published", "explains",
  ]

  /// Reads the text of a suite file that errors call `file`.
  static func read(_ text: String, file: String, name: String) throws(SuiteError) -> Suite {
    let value = try JSON5Reader.read(text, file: file)
    return try Self(SuiteNode(file: file, keyPath: "", value: value)).suite(named: name)
  }

  private init(_ node: SuiteNode) throws(SuiteError) {
    root = try node.object(keys: Self.keys)
    axes = try AxisSet(root)
    defaults = try CaseDefaults(root)
  }

  private func suite(named name: String) throws(SuiteError) -> Suite {
    let title = try root.required("title", accepted: "the suite in a few words").filled()
    let builder = try build()
    let explains = try PublishedReader.costs(root["explains"])
    let published = try PublishedReader(
      comparisons: builder.comparisons.map(\.name), costs: explains
    ).figures(root["published"])
    var suite = Suite(
      name: name, title: title, question: try root.text("question"),
      source: try root.text("source"), cases: builder.cases, comparisons: builder.comparisons,
      axisNames: builder.axisNames, kernels: try globs(root["kernels"]) ?? Suite.defaultKernels,
      workers: try workers(), caches: try caches(), contenderKernels: try contenderKernels(),
      externalContenders: builder.programs)
    suite.published = published
    suite.explains = explains
    suite.answer = try answer(to: suite)
    return suite
  }

  /// The sentence of the key `answer`, all of whose numbers some comparison gives.
  private func answer(to suite: Suite) throws(SuiteError) -> AnswerTemplate? {
    guard let node = root["answer"] else { return nil }
    guard let template = AnswerTemplate(try node.string()) else {
      throw node.invalid(accepted: "a sentence with \(AnswerTemplate.accepted)")
    }
    guard template.leastCount <= AnswerTemplate.longest else {
      throw .tooMany(
        place: node.place, what: "characters without the numbers (\(template.leastCount))",
        accepted: AnswerTemplate.longest)
    }
    if let parts = template.unfilled(by: suite) {
      throw .invalidValue(
        place: node.place, value: "‘\(parts.joined(separator: " & "))’",
        accepted: "words of the comparisons' names, such as "
          + "‘\(suite.comparisons.first?.name ?? "")’")
    }
    return template
  }

  private func build() throws(SuiteError) -> SuiteBuilder {
    var builder = SuiteBuilder()
    for node in try elements("cases", accepted: CaseTemplate.accepted) {
      try addCases(node, to: &builder)
    }
    for comparison in try comparisons() { try builder.addComparison(comparison) }
    let accepted = "an object with name and exec"
    for node in try elements("externalContenders", accepted: accepted) {
      guard let program = try ExternalContender(node) else {
        throw node.invalid(accepted: accepted)
      }
      try builder.addProgram(program, at: node.place)
    }
    guard !builder.cases.isEmpty else {
      throw .nothingToMeasure(
        file: root.node.file, leftOut: [],
        accepted: "cases, comparisons, or a baseline with a contender")
    }
    for axis in axes.axes
    where axis.values.count > 1 && builder.mentioned.isDisjoint(with: axis.fields) {
      throw .unusedAxis(place: axis.place, axis: axis.name)
    }
    return builder
  }

  /// What a key of the file lists; nothing where it is not given.
  private func elements(_ key: String, accepted: String) throws(SuiteError) -> [SuiteNode] {
    try root[key]?.elements(accepted: accepted) ?? []
  }

  private func addCases(_ node: SuiteNode, to builder: inout SuiteBuilder) throws(SuiteError) {
    let keys = CaseTemplate.keys + ["axes", "where"]
    let ownAxes = node.isObject ? try AxisSet(try node.object(keys: keys)) : AxisSet()
    let all = ownAxes.inside(axes)
    let template = try CaseTemplate(node, defaults: defaults, axes: all, keys: keys)
    try builder.addCases(template, axes: all, ownAxes: ownAxes)
  }

  private func comparisons() throws(SuiteError) -> [ComparisonTemplate] {
    var templates: [ComparisonTemplate] = []
    let list = try elements("comparisons", accepted: "a comparison, or a list of them")
    // A baseline at the top without a contender is the default of the comparisons in the list.
    let hasContender = root["contender"] != nil || root["contenders"] != nil
    if hasContender || (root["baseline"] != nil && list.isEmpty) {
      templates.append(
        try ComparisonTemplate(
          root, isTop: true, outer: axes, baseline: nil, defaults: defaults))
    }
    for node in list {
      templates.append(
        try ComparisonTemplate(
          try node.object(keys: ComparisonTemplate.keys), isTop: false, outer: axes,
          baseline: root["baseline"], defaults: defaults))
    }
    return templates
  }
}

extension SuiteReader {
  private func globs(_ node: SuiteNode?) throws(SuiteError) -> [String]? {
    guard let node else { return nil }
    let accepted = "a list of globs over variant ids, such as \"direct/*\" or \"best\""
    var globs: [String] = []
    let most = (count: SuiteLimits.mostChoices, what: "patterns of kernels")
    for element in try node.elements(accepted: accepted, most: most) {
      globs.append(try element.filled(accepted: accepted))
    }
    return globs
  }

  private func workers() throws(SuiteError) -> [Int] {
    var counts: [Int] = []
    guard let node = root["workers"] else { return [] }
    let accepted = "whole numbers from 1, each once"
    let most = (count: SuiteLimits.mostChoices, what: "worker counts")
    for element in try node.elements(accepted: accepted, most: most) {
      counts.append(try element.positive(accepted: accepted))
      guard !counts.dropLast().contains(counts[counts.count - 1]) else {
        throw element.invalid(accepted: accepted)
      }
    }
    return counts
  }

  private func caches() throws(SuiteError) -> [CacheState] {
    guard let node = root["cache"] else { return Suite.defaultCaches }
    let names = CacheState.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    let accepted = "any of \(names), each once"
    var states: [CacheState] = []
    for element in try node.elements(accepted: accepted) {
      guard let state = CacheState(rawValue: try element.string(accepted: accepted)),
        !states.contains(state)
      else { throw element.invalid(accepted: accepted) }
      states.append(state)
    }
    return states
  }

  private func contenderKernels() throws(SuiteError) -> KernelComparison? {
    guard let node = root["contenderKernels"] else { return nil }
    let object = try node.object(keys: ["baseline", "contender"])
    let accepted = "a list of globs"
    let baseline = try globs(try object.required("baseline", accepted: accepted))
    let contender = try globs(try object.required("contender", accepted: accepted))
    return KernelComparison(baseline: baseline ?? [], contender: contender ?? [])
  }
}
