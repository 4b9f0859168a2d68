// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Decides which nodes of a graph run together.
struct StepPlanner {
  private let graph: OperationGraph
  /// The steps, in the order in which they run.
  private(set) var steps: [PlannedStep] = []
  /// What was joined, and what could not be and why.
  private(set) var joined: [String] = [], left: [String] = []
  private var done: Set<Int> = []

  init(_ graph: OperationGraph, form: GraphForm) {
    self.graph = graph
    for place in graph.nodes.indices where !done.contains(place) {
      var step = PlannedStep(nodes: [place])
      done.insert(place)
      if form == .fused { extend(&step) }
      steps.append(step)
    }
    if form == .fused { placeConcatenations() }
  }

  /// Joins to a step what can be done to its result before it is written.
  private mutating func extend(_ step: inout PlannedStep) {
    switch graph.nodes[step.result].operation {
    case .convolution:
      remarkOnAddition(after: step.result)
      join(.relu, to: &step, how: "in the store of")
    case .scale:
      join(.add, to: &step, how: "in one pass with")
      join(.relu, to: &step, how: "in one pass with")
    case .add: join(.relu, to: &step, how: "in one pass with")
    case .pooling(let pooling) where pooling.isGlobal && pooling.kind == .mean:
      left.append(
        "\(graph.nodes[step.result].name) reads its input again: no kernel sums channels while it "
          + "stores them")
    case .shuffle:
      left.append(
        "\(graph.nodes[step.result].name) is a copy: no kernel reads the channels of a group from "
          + "several places")
    default: break
    }
  }

  /// Appends the only reader of a step's result, if it is `operation` and its other source is
  /// there by then.
  private mutating func join(
    _ operation: GraphOperation, to step: inout PlannedStep, how: String
  ) {
    let readers = graph.consumers(of: .node(step.result))
    guard readers.count == 1, graph.nodes[readers[0]].operation == operation else { return }
    let reader = graph.nodes[readers[0]]
    let first = step.nodes[0]
    for source in reader.sources where source != .node(step.result) {
      if case .node(let place) = source, place > first { return }
    }
    // Both sources the same would read what is not written.
    guard reader.sources.count(where: { $0 == .node(step.result) }) == 1 else { return }
    joined.append("\(reader.name) \(how) \(graph.nodes[first].name)")
    step.nodes.append(readers[0])
    done.insert(readers[0])
  }

  /// Says why an addition behind a convolution is a pass of its own.
  private mutating func remarkOnAddition(after place: Int) {
    let readers = graph.consumers(of: .node(place))
    guard readers.count == 1, graph.nodes[readers[0]].operation == .add else { return }
    left.append(
      "\(graph.nodes[readers[0]].name) is a pass of its own: no kernel starts its sums from another "
        + "tensor")
  }

  /// Marks concatenations whose sources can be computed where the result wants them.
  private mutating func placeConcatenations() {
    var placed: Set<GraphTensor> = []
    for index in steps.indices {
      let node = graph.nodes[steps[index].result]
      guard steps[index].nodes.count == 1, node.operation == .concatenation else { continue }
      let own = node.sources.filter { $0 != .input }
      guard node.shape.batch == 1, Set(own).count == own.count,
        !own.isEmpty, placed.isDisjoint(with: own)
      else {
        left.append(
          "\(node.name) is a copy: its sources are several images, or wanted in several places")
        continue
      }
      placed.formUnion(own)
      steps[index].isInPlace = true
    }
  }
}
