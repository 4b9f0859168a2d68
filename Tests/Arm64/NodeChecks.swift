// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

/// What stands between convolutions, node by node, against the references of graphs.
struct NodeChecks {
  private let kernels = NodeKernels(instructionSet: .neon)
  private var generator = SeededGenerator(seed: 0x600D)
  private(set) var checks: Checks

  init(_ checks: Checks) { self.checks = checks }

  /// Every operation on activations of some channels, in both layouts that the kernels read.
  mutating func run(channels: Int, extent: Extent) {
    let shape = ActivationShape(batch: 2, channels: channels, extent: extent)
    var graph = OperationGraph(input: shape)
    append("relu", .relu, ["input"], &graph)
    append("sum", .add, ["input", "relu"], &graph)
    append("sigmoid", .sigmoid, ["input"], &graph)
    for kind in Pooling.Kind.allCases {
      for window in ["kh3sh2ph1", "kh2kw3ph0pw1", "kh1sh2"] {
        guard let window = try? ProblemDescriptor.window(window, over: shape) else { continue }
        append(
          "\(kind.rawValue) \(graph.nodes.count)", .pooling(Pooling(kind, window: window)),
          ["input"], &graph)
      }
    }
    if let whole = try? ConvolutionProblem(
      groups: channels, batch: shape.batch, inChannels: channels, outChannels: channels,
      input: extent, kernel: extent)
    {
      append("mean", .pooling(Pooling(.mean, window: whole)), ["input"], &graph)
      append("scaled", .scale, ["input", "mean"], &graph)
    }
    for function in Self.functions {
      append(function.name, .point(function), ["input"], &graph)
    }
    for combination in Combination.allCases {
      append(combination.rawValue, .combination(combination), ["input", "relu"], &graph)
      append("\(combination.rawValue) mean", .combination(combination), ["input", "mean"], &graph)
    }
    append("softmax", .softmax, ["input"], &graph)
    append("normalised", .normalization(epsilon: 1e-5), ["input"], &graph)
    let part = Selection(
      images: [0, 1], channels: Array((channels / 2)..<channels), rows: [-1, 0, 2], columns: [1, 0])
    append("part", .selection(part), ["input"], &graph)
    let taps = [LinearResize.Tap(first: 0, second: 1, weight: 0.25)]
    append("resized", .resize(LinearResize(rows: taps, columns: taps)), ["input"], &graph)
    for groups in [2, 3, 4] where channels % groups == 0 {
      append("shuffle \(groups)", .shuffle(groups: groups), ["input"], &graph)
    }
    for layout in [Layout.nhwc, .channelBlocked(lanes: InstructionSet.neon.lanes)] {
      for place in graph.nodes.indices { run(place, graph, layout) }
    }
  }

  private static let functions: [PointFunction] = [
    .clip(least: 0.5, most: 1), .leakyReLU(slope: 0.1), .hardSigmoid(slope: 0.2, offset: 0.5),
    .hardSwish, .swish, .tanh, .erf, .gelu, .absolute, .mish,
  ]

  private mutating func append(
    _ name: String, _ operation: GraphOperation, _ sources: [String],
    _ graph: inout OperationGraph
  ) {
    let isIn = (try? graph.append(name, operation, reading: sources)) != nil
    checks.expect(isIn, "graphs", "cannot have \(name)")
  }

  private mutating func run(_ place: Int, _ graph: OperationGraph, _ layout: Layout) {
    let node = graph.nodes[place]
    var values: [GraphTensor: [Float]] = [:]
    var sources: [Activation] = []
    for tensor in node.sources {
      let shape = graph.shape(tensor)
      var numbers = (0..<shape.count).map { _ in Float.random(in: -3...3, using: &generator) }
      if place % 2 == 1 { SpecialValues.set(&numbers, &generator) }
      let activation = Self.activation(shape, layout)
      activation.load(numbers)
      values[tensor] = numbers
      sources.append(activation)
    }
    let output = Self.activation(node.shape, layout)
    output.fillElements(.nan)
    let prepared = prepared(node, sources, output)
    for task in (0..<prepared.phase.tasks).reversed() {
      prepared.phase.run(prepared.phase.context, task, task + 1, 0)
    }
    let step = GraphStepReference(
      [place], of: graph, inputs: values, weights: GraphWeights(graph.nodes.map { _ in nil }),
      sampling: { _ in nil })
    let verification = Verification(
      output: output.values(), reference: step.reference, bound: step.bound, shape: node.shape,
      trustsZeros: true)
    let text = "\(node.name) of \(graph.input.channels) channels in \(layout.name)"
    let isWrong = if case .wrong = verification.outcome { true } else { false }
    checks.expect(!isWrong, node.operation.name, text)
    let isContained =
      output.buffer.guardsAreIntact && sources.allSatisfy { $0.buffer.guardsAreIntact }
    checks.expect(isContained, node.operation.name, text + " wrote beside its output")
  }

  private func prepared(
    _ node: OperationGraph.Node, _ sources: [Activation], _ output: Activation
  ) -> NodeKernels.Prepared {
    switch node.operation {
    case .relu: kernels.elementwise("", sources[0], hasReLU: true, to: output)
    case .add: kernels.elementwise("", sources[0], addend: sources[1], to: output)
    case .scale: kernels.elementwise("", sources[0], scale: sources[1], to: output)
    case .sigmoid: kernels.sigmoid("", sources[0], to: output)
    case .pooling(let pooling): kernels.pooling("", pooling, sources[0], to: output)
    case .shuffle(let groups): kernels.shuffle("", groups: groups, sources[0], to: output)
    case .convolution, .deformable, .concatenation, .constant:
      fatalError("no kernel between convolutions")
    default: kernels.other(node, sources, to: output)
    }
  }

  private static func activation(_ shape: ActivationShape, _ layout: Layout) -> Activation {
    guard let activation = try? Activation(shape, layout: layout, isGuarded: true) else {
      fatalError("out of memory")
    }
    return activation
  }
}
