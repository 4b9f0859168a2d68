// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

/// What stands between convolutions, node by node, against the references of graphs.
struct NodeChecks {
  private let variants = NodeVariant.variants(.neon)
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
    var inputs: [GraphTensor: Activation] = [:]
    for tensor in node.sources {
      let shape = graph.shape(tensor)
      var numbers = (0..<shape.count).map { _ in Float.random(in: -3...3, using: &generator) }
      if place % 2 == 1 { SpecialValues.set(&numbers, &generator) }
      let activation = Self.activation(shape, layout)
      activation.load(numbers)
      values[tensor] = numbers
      inputs[tensor] = activation
    }
    let output = Self.activation(node.shape, layout)
    output.fillElements(.nan)
    let weights = GraphWeights(graph.nodes.map { _ in nil })
    run(
      Fragment(graph, [place]), FragmentTensors(inputs: inputs, output: output, weights: weights))
    let step = GraphStepReference(
      [place], of: graph, inputs: values, weights: weights, sampling: { _ in nil })
    let verification = Verification(
      output: output.values(), reference: step.reference, bound: step.bound, shape: node.shape,
      trustsZeros: true)
    let text = "\(node.name) of \(graph.input.channels) channels in \(layout.name)"
    let isWrong = if case .wrong = verification.outcome { true } else { false }
    checks.expect(!isWrong, node.operation.name, text)
    let isContained =
      output.buffer.guardsAreIntact && inputs.values.allSatisfy { $0.buffer.guardsAreIntact }
    checks.expect(isContained, node.operation.name, text + " wrote beside its output")
  }

  /// Runs what matches; what nothing matches is never written.
  private func run(_ fragment: Fragment, _ tensors: FragmentTensors) {
    for variant in variants {
      guard case .ways = variant.match(fragment, workers: 1),
        let prepared = try? variant.prepare(fragment, tensors, workers: 1)
      else { continue }
      for phase in prepared.phases {
        for task in (0..<phase.tasks).reversed() { phase.run(phase.context, task, task + 1, 0) }
      }
    }
  }

  private static func activation(_ shape: ActivationShape, _ layout: Layout) -> Activation {
    guard let activation = try? Activation(shape, layout: layout, isGuarded: true) else {
      fatalError("out of memory")
    }
    return activation
  }
}
