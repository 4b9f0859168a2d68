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
  private let choice: JoinChoice

  init(_ graph: OperationGraph, form: GraphForm, choice: JoinChoice) {
    self.graph = graph
    self.choice = choice
    for place in graph.nodes.indices where !done.contains(place) {
      var step = PlannedStep(fragment: Fragment(graph, [place]))
      done.insert(place)
      if form == .fused { extend(&step) }
      steps.append(step)
    }
    if form == .fused { placeConcatenations() }
    sort()
  }

  /// Lets each step run where its result stood in the graph: all that its last node reads is there.
  private mutating func sort() {
    let order = steps.indices.sorted { steps[$0].result < steps[$1].result }
    var places = order
    for (place, step) in order.enumerated() { places[step] = place }
    steps = order.map { index in
      var step = steps[index]
      step.sumsFrom = step.sumsFrom.map { places[$0] }
      return step
    }
  }

  /// Joins to a step what can be done to its result before it is written.
  private mutating func extend(_ step: inout PlannedStep) {
    switch graph.nodes[step.result].operation {
    case .convolution:
      joinAddition(to: &step)
      join(.relu, to: &step, how: "in the store of")
      joinPointwise(to: &step)
    case .deformable: join(.relu, to: &step, how: "in the store of")
    case .scale:
      join(.add, to: &step, how: "in one pass with")
      join(.relu, to: &step, how: "in one pass with")
    case .add: join(.relu, to: &step, how: "in one pass with")
    case .pooling(let pooling) where pooling.isGlobal && pooling.kind == .mean:
      takeSums(&step)
    case .shuffle: joinReader(to: &step)
    default: break
    }
  }

  /// Appends the only reader of a step's result, if it is `operation` and no other step has it yet.
  private mutating func join(
    _ operation: GraphOperation, to step: inout PlannedStep, how: String
  ) {
    guard let place = graph.onlyReader(of: step.result), !done.contains(place),
      graph.nodes[place].operation == operation
    else { return }
    let reader = graph.nodes[place]
    // Both sources the same would read what is not written.
    guard reader.sources.count(where: { $0 == .node(step.result) }) == 1 else { return }
    let target = step.fragment.convolutions.last ?? step.fragment.nodes[0]
    joined.append("\(reader.name) \(how) \(graph.nodes[target].name)")
    step.fragment.nodes.append(place)
    done.insert(place)
  }

  /// Joins the pointwise convolution that alone reads a depthwise one, and what follows it.
  private mutating func joinPointwise(to step: inout PlannedStep) {
    guard let reader = graph.onlyReader(of: step.result) else { return }
    let both = step.fragment.followed(by: reader)
    guard both.addend == nil, let (depthwise, pointwise, _) = both.separable else { return }
    let names = (graph.nodes[pointwise].name, graph.nodes[depthwise].name)
    guard choice.accepts(both, insteadOf: [step.fragment, Fragment(graph, [reader])]) else {
      left.append(
        "\(names.0) behind \(names.1): strips of rows would be no faster: each reads a "
          + "large filter again for few pixels, or the depthwise part decides, or workers get uneven "
          + "shares")
      return
    }
    joined.append("\(names.0) on strips of \(names.1)")
    step.fragment = both
    done.insert(reader)
    join(.add, to: &step, how: "in the start of the sums of")
    join(.relu, to: &step, how: "in the store of")
  }

  /// Joins an addition to the start of a convolution's sums.
  private mutating func joinAddition(to step: inout PlannedStep) {
    guard let reader = graph.onlyReader(of: step.result), !done.contains(reader),
      graph.nodes[reader].operation == .add
    else { return }
    if choice.accepts(step.fragment.followed(by: reader), insteadOf: [step.fragment]) {
      join(.add, to: &step, how: "in the start of the sums of")
    }
    guard !done.contains(reader) else { return }
    left.append(
      "\(graph.nodes[reader].name) behind \(graph.nodes[step.result].name): its kernel does not "
        + "start from another tensor, or both are the same")
  }

  /// Joins a shuffle to the convolution that reads it, as an order of its input channels.
  private mutating func joinReader(to step: inout PlannedStep) {
    let name = graph.nodes[step.result].name
    guard let reader = graph.onlyReader(of: step.result),
      choice.accepts(
        step.fragment.followed(by: reader), insteadOf: [Fragment(graph, [reader])])
    else {
      left.append(
        "\(name) is a copy: its reader's kernel takes the channels of a group from one place, or the "
          + "groups do not divide each other")
      return
    }
    joined.append("\(name) as an order of the channels that \(graph.nodes[reader].name) reads")
    step.fragment.nodes.append(reader)
    done.insert(reader)
    extend(&step)
  }

  /// Takes a global mean from sums that a convolution keeps while it writes what the mean reads.
  private mutating func takeSums(_ step: inout PlannedStep) {
    let mean = graph.nodes[step.result]
    let producer = steps.firstIndex { .node($0.result) == mean.sources[0] }
    var summing = producer.map { steps[$0].fragment }
    summing?.sumsChannels = true
    guard let producer, let summing, let node = summing.convolutions.first,
      choice.accepts(summing, insteadOf: [steps[producer].fragment])
    else {
      left.append(
        "\(mean.name) reads its input again: it is no convolution's result, or its kernel does not "
          + "sum channels while it writes them")
      return
    }
    joined.append("sums of \(mean.name) in the store of \(graph.nodes[node].name)")
    steps[producer].fragment = summing
    step.sumsFrom = producer
  }

  /// Marks concatenations whose sources can be computed where the result wants them.
  private mutating func placeConcatenations() {
    var placed: Set<GraphTensor> = []
    for index in steps.indices {
      let node = graph.nodes[steps[index].result]
      guard steps[index].fragment.nodes.count == 1, node.operation == .concatenation else {
        continue
      }
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
