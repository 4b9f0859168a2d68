// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A case of a suite file before its placeholders are filled in.
struct CaseTemplate {
  /// Its name, where the file gives one.
  let name: Template?
  /// The descriptors of its steps.
  let steps: [Template]
  /// What follows each step.
  let epilogue: Epilogue
  /// How its numbers are stored, where the file says so outside the descriptors.
  let dataType: Template?
  /// How often a network has it, where the file says so outside the descriptor.
  let multiplicity: Template?
  /// The nodes of a block; nil for convolutions that run in a row.
  let block: BlockTemplate?
  /// How a block is run.
  let form: GraphForm
  /// Whether the convolutions of a block are measured beside it, each alone.
  let measuresLayers: Bool
  /// Where it stands.
  let place: SuitePlace

  /// What a case may be, for errors.
  static let accepted = "a descriptor, a list of descriptors, or an object with steps or block"
  /// The keys of a case that is an object.
  static let keys = ["name", "steps", "epilogue", "dt", "multiplicity"] + BlockTemplate.keys

  /// Reads a descriptor, a list of descriptors, or an object; what it does not say is as in `defaults`.
  init(
    _ node: SuiteNode, defaults: CaseDefaults, axes: AxisSet, keys: [String] = keys
  ) throws(SuiteError) {
    place = node.place
    let object = node.isObject ? try node.object(keys: keys) : nil
    name = try object.flatMap(Self.name)
    epilogue = try object?["epilogue"].map(Self.epilogue) ?? defaults.epilogue
    dataType = try object?["dt"].map(Template.init(type:)) ?? defaults.dataType(axes, at: place)
    multiplicity = try object?["multiplicity"].map(Template.init(number:))
    form = try object?["form"].map(Self.form) ?? .fused
    measuresLayers = try object?["layers"].map(Self.flag) ?? false
    if let object, object["block"] != nil {
      (block, steps) = (try BlockTemplate(object), [])
      try Self.checkBlock(object)
      try checkBlockType()
      return
    }
    block = nil
    try Self.checkNoBlock(object)
    steps = try Self.steps(
      try object?.required("steps", accepted: "a list of descriptors") ?? node)
  }

  /// The name that is given; nil without.
  static func name(_ object: SuiteObject) throws(SuiteError) -> Template? {
    try object["name"].map { (node) throws(SuiteError) in
      try Template(node, accepted: "text in quotes")
    }
  }

  private static func steps(_ list: SuiteNode) throws(SuiteError) -> [Template] {
    var steps: [Template] = []
    let most = (count: SuiteLimits.mostSteps, what: "steps of one case")
    for element in try list.elements(accepted: accepted, most: most) {
      steps.append(try Template(element, accepted: accepted))
    }
    return steps
  }

  /// Reads the value of a key `epilogue`.
  static func epilogue(_ node: SuiteNode) throws(SuiteError) -> Epilogue {
    let names = Epilogue.inSuites.map { "\"\($0.suiteName)\"" }.joined(separator: ", ")
    let text = try node.string(accepted: names)
    guard let epilogue = Epilogue.inSuites.first(where: { $0.suiteName == text }) else {
      throw node.invalid(accepted: names)
    }
    return epilogue
  }

  /// The axes that each text mentions, and where it stands.
  var mentions: [(names: [String], place: SuitePlace)] {
    let texts = steps + [name, multiplicity, dataType].compactMap { $0 }
    return texts.map { ($0.names, $0.place) } + (block?.mentions ?? [])
  }

  /// The axes that it mentions.
  var names: Set<String> { Set(mentions.flatMap(\.names)) }

  /// The case for one combination of axis values.
  ///
  /// The axes in `labels` belong to the case though it does not mention them.
  func expand(
    _ combination: AxisCombination, labels: Set<String> = []
  ) throws(SuiteError) -> SuiteCase {
    if let block { return try expand(block, combination, labels: labels) }
    var problems: [NamedProblem] = []
    for step in steps {
      let text = try step.expand(combination.values)
      do throws(ProblemError) {
        problems.append(try ProblemDescriptor.parse(text))
      } catch {
        throw .invalidDescriptor(place: step.place, text: text, reason: error)
      }
    }
    if let type = try dataType?.dataType(combination.values) {
      for step in problems.indices { problems[step].problem.dataType = type }
    }
    try checkChain(problems)
    let mentioned = names.union(labels)
    return SuiteCase(
      name: try expandedName(combination, mentioned) ?? SuiteCase.derivedName(problems, epilogue),
      steps: problems, epilogue: epilogue, axes: combination.texts(of: mentioned),
      multiplicity: try multiplicity?.positive(combination.values)
        ?? SuiteCase.derivedMultiplicity(problems))
  }

  private func expand(
    _ block: BlockTemplate, _ combination: AxisCombination, labels: Set<String>
  ) throws(SuiteError) -> SuiteCase {
    let mentioned = names.union(labels)
    return SuiteCase(
      name: try expandedName(combination, mentioned) ?? "",
      graph: try block.expand(combination.values), form: form,
      axes: combination.texts(of: mentioned),
      multiplicity: try multiplicity?.positive(combination.values) ?? 1)
  }

  /// The given name, with the values of the axes that the case mentions and the name does not.
  private func expandedName(
    _ combination: AxisCombination, _ mentioned: Set<String>
  ) throws(SuiteError) -> String? {
    guard let name else { return nil }
    let text = try name.expand(combination.values)
    guard !text.allSatisfy(\.isWhitespace) else {
      throw .invalidValue(
        place: name.place, value: "the name ‘\(text)’", accepted: "a visible name")
    }
    return try name.name(
      combination.values, label: combination.label(besides: name, of: mentioned))
  }

  private func checkChain(_ problems: [NamedProblem]) throws(SuiteError) {
    let types = problems.map(\.problem.dataType)
    if let step = types.firstIndex(where: { $0 != types[0] }) {
      throw .invalidValue(
        place: steps[step].place,
        value: "a step in \(types[step].rawValue) behind one in "
          + types[0].rawValue, accepted: "steps of one data type")
    }
    for (step, (producer, consumer)) in zip(problems, problems.dropFirst()).enumerated()
    where producer.problem.outputShape != consumer.problem.inputShape {
      throw .chainMismatch(
        place: steps[step + 1].place,
        mismatch: ChainMismatch(
          step: step + 1, producer: SuiteCase.derivedName([producer], Epilogue()),
          consumer: SuiteCase.derivedName([consumer], Epilogue()),
          output: producer.problem.outputShape, input: consumer.problem.inputShape))
    }
  }
}
