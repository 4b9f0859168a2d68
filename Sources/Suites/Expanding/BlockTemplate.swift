// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// A block of a suite file before its placeholders are filled in: an input and nodes.
struct BlockTemplate {
  /// An element of the list of nodes.
  private enum Element {
    case node(BlockNodeTemplate)
    case repetition(BlockRepetition)
  }

  private let input: Template
  private let elements: [Element]
  private let place: SuitePlace

  /// The keys of a case that make it a block.
  static let keys = ["input", "block", "form", "layers"]
  /// The keys of a shape.
  private static let shapeKeys = ["mb", "ic", "ih", "iw"]
  /// What a block is, for errors.
  static let accepted =
    "a list of nodes, such as { conv: \"oc64kh3ph1\" } and { add: [\"a\", \"b\"] }"

  /// Reads the keys `input` and `block` of a case.
  init(_ object: SuiteObject) throws(SuiteError) {
    let node = try object.required("block", accepted: Self.accepted)
    place = node.place
    let shape = "the shape of the block's input, as \"ic64ih56\""
    input = try Template(try object.required("input", accepted: shape), accepted: shape)
    elements = try Self.elements(node)
  }

  private static func elements(_ node: SuiteNode) throws(SuiteError) -> [Element] {
    var elements: [Element] = []
    for element in try node.elements(accepted: accepted) {
      if try BlockRepetition.isOne(element) {
        elements.append(.repetition(try BlockRepetition(element)))
      } else {
        elements.append(.node(try BlockNodeTemplate(element)))
      }
    }
    return elements
  }

  /// The axes that each text mentions, and where it stands; what counts repetitions is no axis.
  var mentions: [(names: [String], place: SuitePlace)] {
    [(input.names, input.place)]
      + elements.flatMap { element -> [(names: [String], place: SuitePlace)] in
        switch element {
        case .node(let node): node.templates.map { ($0.names, $0.place) }
        case .repetition(let repetition): repetition.mentions
        }
      }
  }

  /// The graph for one combination of axis values.
  func expand(_ values: [String: AxisValue]) throws(SuiteError) -> OperationGraph {
    var graph = OperationGraph(input: try shape(try input.expand(values)))
    for element in elements {
      switch element {
      case .node(let node): try node.append(to: &graph, values)
      case .repetition(let repetition): try repetition.append(to: &graph, values)
      }
    }
    do throws(GraphError) {
      try graph.checkComplete()
    } catch {
      throw .invalidBlock(place: place, reason: error)
    }
    return graph
  }

  private func shape(_ text: String) throws(SuiteError) -> ActivationShape {
    let shape: ActivationShape
    do throws(ProblemError) {
      shape = try ProblemDescriptor.shape(text)
    } catch {
      throw .invalidDescriptor(place: input.place, text: text, reason: error)
    }
    // What describes a convolution beside the shape would be lost.
    let keys = text.split { !$0.isLetter }.map(String.init)
    if let other = keys.first(where: { !Self.shapeKeys.contains($0) }) {
      throw .invalidValue(
        place: input.place, value: "‘\(text)’ with \(other)",
        accepted: "a shape, of \(Self.shapeKeys.joined(separator: " "))")
    }
    return shape
  }
}

/// Nodes that come several times: `{ repeat: "layer", from: 1, to: "{depth}", nodes: [...] }`.
struct BlockRepetition {
  /// The placeholder that counts.
  let counter: String
  private let first: Template
  private let last: Template
  private let nodes: [BlockNodeTemplate]
  private let place: SuitePlace

  /// No block is deeper.
  private static let longest = 1000

  /// Whether an element of the list of nodes is a repetition.
  static func isOne(_ node: SuiteNode) throws(SuiteError) -> Bool {
    guard node.isObject else { return false }
    return try node.members(accepted: "an object").contains { $0.key == "repeat" }
  }

  init(_ node: SuiteNode) throws(SuiteError) {
    let object = try node.object(keys: ["repeat", "from", "to", "nodes"])
    place = node.place
    counter = try object.required("repeat", accepted: "the name of a placeholder that counts")
      .string()
    guard Axis.isName(counter) else {
      throw node.invalid(accepted: "a counter of letters, digits and _")
    }
    let accepted = "a number, or a text such as \"{depth}\""
    first = try Template(number: try object.required("from", accepted: accepted))
    last = try Template(number: try object.required("to", accepted: accepted))
    var nodes: [BlockNodeTemplate] = []
    let list = try object.required("nodes", accepted: BlockTemplate.accepted)
    for element in try list.elements(accepted: BlockTemplate.accepted) {
      nodes.append(try BlockNodeTemplate(element))
    }
    self.nodes = nodes
  }

  /// The axes that each text mentions, and where it stands.
  var mentions: [(names: [String], place: SuitePlace)] {
    ([first, last] + nodes.flatMap(\.templates)).map { template in
      (template.names.filter { $0 != counter }, template.place)
    }
  }

  /// Appends the nodes as often as asked for.
  func append(
    to graph: inout OperationGraph, _ values: [String: AxisValue]
  ) throws(SuiteError) {
    let from = try number(first, values), end = try number(last, values)
    guard end >= from else { return }
    let (steps, overflow) = end.subtractingReportingOverflow(from)
    guard !overflow, steps < Self.longest else {
      throw .invalidValue(
        place: place, value: "\(from) to \(end)", accepted: "at most \(Self.longest) times")
    }
    var inner = values
    for step in 0...steps {
      inner[counter] = .integer(from + step)
      for node in nodes { try node.append(to: &graph, inner) }
    }
  }

  private func number(
    _ template: Template, _ values: [String: AxisValue]
  ) throws(SuiteError) -> Int {
    let text = try template.expand(values)
    guard let number = Int(reading: text, in: Int.min...Int.max) else {
      throw .invalidValue(place: template.place, value: "‘\(text)’", accepted: "an integer")
    }
    return number
  }
}
