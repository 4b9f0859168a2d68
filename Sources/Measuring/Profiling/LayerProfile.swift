// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Planning
internal import Suites

/// One step of a graph in its place: the nodes that run together, and what they take there.
public struct LayerProfile: Sendable {
  /// The names of the nodes.
  public var nodes: [String]
  /// What they compute: a convolution's descriptor, or the word of the operation.
  public var operation: String
  /// What kind of layer it is.
  public var kind: Kind
  /// Its arithmetic and traffic; what it reads and writes counts once.
  public var cost: CostModel
  /// Time on the first worker, from the end of the step before to its own, in nanoseconds.
  public var nanoseconds: Double

  /// Kinds of layers.
  public enum Kind: String, CaseIterable, Sendable {
    /// A convolution of one pixel.
    case pointwise = "1×1"
    /// As many groups as channels.
    case depthwise
    /// Fewer groups than channels, and more than one.
    case grouped
    /// A convolution of several pixels and all channels.
    case dense
    /// Both in one step.
    case separable = "depthwise and 1×1"
    /// Everything else.
    case other = "no convolution"
  }
}

extension CaseProfile {
  /// The steps of a graph, in the order in which they run; none where the case is no graph.
  public var layers: [LayerProfile] {
    guard let graph = entry.suiteCase.graph else { return [] }
    var layers: [LayerProfile] = []
    var place = 0
    for step in steps {
      let own = phases[place..<place + step.phases]
      place += step.phases
      guard !own.isEmpty else { continue }
      let time = own.reduce(0) {
        $0 + ($1.busyNanoseconds.first ?? 0) + ($1.waitNanoseconds.first ?? 0)
      }
      layers.append(
        step.nodes.isEmpty
          ? LayerProfile.change(of: layers.isEmpty ? "input" : "output", graph, nanoseconds: time)
          : LayerProfile(step.nodes, of: graph, nanoseconds: time))
    }
    return layers
  }
}

extension LayerProfile {
  /// The input or the results in another layout.
  fileprivate static func change(
    of name: String, _ graph: OperationGraph, nanoseconds: Double
  ) -> LayerProfile {
    let shapes = name == "input" ? [graph.input] : graph.results.map { graph.nodes[$0].shape }
    var cost = CostModel(sequence: [])
    cost.trafficBytes = 2 * ElementType.f32.bytes * shapes.reduce(0) { $0 + $1.count }
    return LayerProfile(
      nodes: [name], operation: "reorder", kind: .other, cost: cost, nanoseconds: nanoseconds)
  }

  fileprivate init(_ places: [Int], of graph: OperationGraph, nanoseconds: Double) {
    let nodes = places.map { graph.nodes[$0] }
    self.nodes = nodes.map(\.name)
    self.nanoseconds = nanoseconds
    let convolutions = nodes.compactMap(\.convolution)
    kind = Kind(convolutions.map(\.problem))
    operation = nodes.map { node in
      node.convolution.map { ProblemDescriptor.print($0.problem) } ?? node.operation.name
    }.joined(separator: " + ")
    cost = CostModel(sequence: convolutions.map { CostModel($0.problem) })
    let own = Set(places)
    let read = Set(nodes.flatMap(\.sources)).filter { source in
      if case .node(let place) = source { !own.contains(place) } else { true }
    }
    let floats =
      read.reduce(0) { $0 + graph.shape($1).count } + cost.parameters
      + (nodes.last?.shape.count ?? 0)
    cost.trafficBytes = ElementType.f32.bytes * floats
  }
}

extension LayerProfile.Kind {
  init(_ problems: [ConvolutionProblem]) {
    guard let problem = problems.first else {
      self = .other
      return
    }
    if problems.count > 1 {
      self = .separable
    } else if problem.groups > 1 {
      self = problem.groups == problem.inChannels ? .depthwise : .grouped
    } else {
      self = problem.kernel.area == 1 ? .pointwise : .dense
    }
  }
}
