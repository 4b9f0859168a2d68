// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A node of a block before its placeholders are filled in.
struct BlockNodeTemplate {
  /// The operations, by the key that names them.
  enum Kind: String, CaseIterable {
    case convolution = "conv"
    case deformable = "deform"
    case pool
    case relu
    case sigmoid
    case add
    case scale
    case concatenation = "concat"
    case shuffle

    /// The names of all, for texts that say what is accepted.
    static let accepted = allCases.map(\.rawValue).joined(separator: ", ")
  }

  private let kind: Kind
  private let place: SuitePlace
  private let name: Template?
  /// The descriptor of a convolution, the kind of a pool, or the groups of a shuffle.
  private let text: Template?
  private let window: Template?
  private let sources: [Template]
  private let epilogue: Epilogue
  private let gain: Template?

  private static let keys =
    Kind.allCases.map(\.rawValue) + ["name", "from", "window", "epilogue", "gain"]

  /// Reads a node.
  init(_ node: SuiteNode) throws(SuiteError) {
    let object = try node.object(keys: Self.keys)
    place = node.place
    let given = Kind.allCases.filter { object[$0.rawValue] != nil }
    guard given.count == 1, let operation = object[given[0].rawValue] else {
      throw node.invalid(accepted: "a node with one of \(Kind.accepted)")
    }
    kind = given[0]
    name = try object["name"].map(Self.text)
    gain = try object["gain"].map { (node) throws(SuiteError) in try Template(number: node) }
    window = try object["window"].map(Self.text)
    epilogue = try object["epilogue"].map(CaseTemplate.epilogue) ?? Epilogue()
    let from = try object["from"].map { (node) throws(SuiteError) in try Self.texts(node) } ?? []
    switch kind {
    case .convolution, .pool, .deformable: (text, sources) = (try Self.text(operation), from)
    case .shuffle: (text, sources) = (try Template(number: operation), from)
    case .relu, .sigmoid, .add, .scale, .concatenation:
      (text, sources) = (nil, try Self.texts(operation) + from)
    }
    try checkKeys(object, node)
  }

  /// Refuses what its kind does not take.
  private func checkKeys(_ object: SuiteObject, _ node: SuiteNode) throws(SuiteError) {
    if let window = object["window"], kind != .pool {
      throw window.invalid(accepted: "a window of poolings only")
    }
    guard kind != .convolution, kind != .deformable else { return }
    if let gain = object["gain"] {
      throw gain.invalid(accepted: "a gain of convolutions only, whose weights it multiplies")
    }
    if epilogue.hasBias {
      throw node.invalid(accepted: "a bias behind convolutions only; here \"relu\" or \"none\"")
    }
  }

  private static func text(_ node: SuiteNode) throws(SuiteError) -> Template {
    try Template(node, accepted: "text in quotes")
  }

  private static func texts(_ node: SuiteNode) throws(SuiteError) -> [Template] {
    var texts: [Template] = []
    let accepted = "the name of a node, or a list of names"
    for element in try node.elements(accepted: accepted) {
      texts.append(try Template(element, accepted: accepted))
    }
    return texts
  }

  /// The texts with placeholders.
  var templates: [Template] { [name, text, window, gain].compactMap { $0 } + sources }

  /// Appends the node, and its ReLU as another one, to `graph`.
  ///
  /// Without sources it reads the node before it. With a ReLU, its name is that of the ReLU, and
  /// the operation itself is called `name.conv`, for example.
  func append(
    to graph: inout OperationGraph, _ values: [String: AxisValue]
  ) throws(SuiteError) {
    let given = try name?.name(values) ?? "\(kind.rawValue)\(graph.nodes.count + 1)"
    var reads: [String] = []
    for source in sources { reads.append(try source.expand(values)) }
    if reads.isEmpty { reads = [graph.nodes.last?.name ?? OperationGraph.inputName] }
    let shape = graph.tensor(named: reads[0]).map(graph.shape) ?? graph.input
    let operation = try operation(over: shape, sources: reads.count, values)
    let gain = try gain?.positive(values) ?? 1
    let own = epilogue.hasReLU ? "\(given).\(operation.name)" : given
    do throws(GraphError) {
      try graph.append(own, operation, reading: reads, gain: gain)
      if epilogue.hasReLU { try graph.append(given, .relu, reading: [own]) }
    } catch {
      throw .invalidBlock(place: place, reason: error)
    }
  }

  private func operation(
    over shape: ActivationShape, sources: Int, _ values: [String: AxisValue]
  ) throws(SuiteError) -> GraphOperation {
    let text = try self.text?.expand(values) ?? ""
    switch kind {
    case .relu: return .relu
    case .sigmoid: return .sigmoid
    case .add: return .add
    case .scale: return .scale
    case .concatenation: return .concatenation
    case .shuffle: return .shuffle(groups: try self.text?.positive(values) ?? 1)
    case .convolution, .deformable:
      let problem = try problem(text) { (text) throws(ProblemError) in
        try ProblemDescriptor.parse(text, reading: shape)
      }
      if kind == .deformable { return try deformable(problem, sources: sources, text) }
      return .convolution(problem, hasBias: epilogue.hasBias)
    case .pool: return .pooling(try pooling(text, over: shape, values))
    }
  }

  /// With offsets alone, or with offsets and a mask.
  private func deformable(
    _ problem: ConvolutionProblem, sources: Int, _ text: String
  ) throws(SuiteError) -> GraphOperation {
    let convolution = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: epilogue.hasBias))
    do throws(ProblemError) {
      return .deformable(try DeformableOperation(convolution, isModulated: sources > 2))
    } catch {
      throw .invalidDescriptor(place: place, text: text, reason: error)
    }
  }

  private func pooling(
    _ kind: String, over shape: ActivationShape, _ values: [String: AxisValue]
  ) throws(SuiteError) -> Pooling {
    let isGlobal = kind == "global"
    guard let pooling = isGlobal ? .mean : Pooling.Kind(rawValue: kind) else {
      throw .invalidValue(place: place, value: "‘\(kind)’", accepted: "max, avg or global")
    }
    if isGlobal, let window {
      throw .invalidValue(
        place: window.place, value: "a window", accepted: "none: a global pooling has no other")
    }
    let whole = "kh\(shape.extent.height)kw\(shape.extent.width)"
    guard let window = isGlobal ? whole : try window?.expand(values) else {
      throw .missingKey(
        place: place, key: "window", accepted: "kernel, stride and padding, as \"kh3sh1ph1\"")
    }
    let problem = try problem(window) { (text) throws(ProblemError) in
      try ProblemDescriptor.window(text, over: shape)
    }
    return Pooling(pooling, window: problem)
  }

  private func problem(
    _ text: String, _ parse: (String) throws(ProblemError) -> ConvolutionProblem
  ) throws(SuiteError) -> ConvolutionProblem {
    do throws(ProblemError) {
      return try parse(text)
    } catch {
      throw .invalidDescriptor(place: place, text: text, reason: error)
    }
  }
}
