// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Makes the phases of a planned graph.
struct GraphBuilder {
  private let plan: GraphPlan
  private let weights: GraphWeights
  private let workers: Int
  private let memory: GraphMemory
  private let kernels: NodeKernels
  private var filters: [UnsafeRawBufferPointer] = []
  private var hidesFilter = false
  private var scratchBytes = 0
  /// What convolutions keep of sums over pixels, by step.
  private var channelSums: [Int: Activation] = [:]

  /// Phases and what keeps their memory alive.
  private struct Work {
    var phases: [Phase] = []
    var owners: [AnyObject] = []
    /// What is written, where that is not all of the step's output.
    var parts: [Activation]?
    /// What the convolution is held to, where it does not sum products.
    var bound: ErrorBound?

    mutating func append(_ prepared: NodeKernels.Prepared) {
      phases.append(prepared.phase)
      owners.append(prepared.owner)
    }

    mutating func append(_ prepared: PreparedOperation) {
      phases += prepared.phases
      owners.append(prepared)
    }
  }

  init(
    _ plan: GraphPlan, weights: GraphWeights, instructionSet: InstructionSet, workers: Int
  ) throws(MemoryError) {
    self.plan = plan
    self.weights = weights
    self.workers = workers
    memory = try GraphMemory(plan)
    kernels = NodeKernels(instructionSet: instructionSet)
  }

  /// The whole graph.
  mutating func prepared(implementation: String) throws -> PreparedGraph {
    var steps: [PreparedGraphStep] = []
    for index in plan.steps.indices { steps.append(try step(index)) }
    return PreparedGraph(
      steps: steps, input: activation(.input), implementation: implementation,
      filterMemory: hidesFilter ? [] : filters,
      activationMemory: memory.buffers.map { UnsafeRawBufferPointer($0.floats) },
      scratchBytes: scratchBytes)
  }

  private func activation(_ tensor: GraphTensor) -> Activation {
    guard let activation = memory.activations[tensor] else {
      preconditionFailure("the memory plan covers every tensor that a step writes")
    }
    return activation
  }

  private mutating func step(_ index: Int) throws -> PreparedGraphStep {
    let step = plan.steps[index]
    let reads = step.reads(plan.graph)
    let output = activation(.node(step.result))
    var work = Work()
    // What the step reads, in its own layout.
    var inputs: [GraphTensor: Activation] = [:]
    for tensor in reads {
      inputs[tensor] = activation(tensor)
      if let copy = memory.reordered[.init(tensor: tensor, step: index)] {
        reorder(activation(tensor), to: copy, &work)
        inputs[tensor] = copy
      }
    }
    if step.deformable(plan.graph) != nil {
      try deform(index, inputs, output, &work)
    } else if step.separable(plan.graph) != nil {
      try separate(index, inputs, output, &work)
    } else if step.convolution(plan.graph) != nil {
      try convolve(index, inputs, output, &work)
    } else {
      compute(step, inputs, output, &work)
    }
    return PreparedGraphStep(
      nodes: step.nodes, phases: work.phases, output: output,
      inputs: Dictionary(uniqueKeysWithValues: reads.map { ($0, activation($0)) }),
      ownParts: work.parts ?? [output], bound: work.bound, owner: work.owners)
  }

  private func reorder(_ source: Activation, to target: Activation, _ work: inout Work) {
    if source.whole == source.shape {
      work.append(LayoutConversion(from: source, to: target).prepared())
    } else {
      let copy = PartCopy(from: source, to: target)
      work.append((copy.phase("reorder"), copy))
    }
  }

  private mutating func convolve(
    _ index: Int, _ inputs: [GraphTensor: Activation], _ output: Activation, _ work: inout Work
  ) throws {
    let step = plan.steps[index]
    // A shuffle that was joined stands first, and reads what the convolution does.
    guard let (node, operation) = step.convolution(plan.graph),
      let variant = plan.layouts.variant(index), let constants = weights.ofNodes[node],
      let input = inputs[plan.graph.nodes[step.nodes[0]].sources[0]]
    else { preconditionFailure("a planned convolution has a variant, weights and an input") }
    let prepared = try prepared(
      variant, operation, constants, input, output, step,
      step.addend(plan.graph).flatMap { inputs[$0] })
    channelSums[index] = prepared.channelSums
    if variant.identity.accuracy == .fast { work.bound = variant.errorBound(operation) }
    append(prepared, &work)
  }

  private func prepared(
    _ variant: any ConvolutionVariant, _ operation: ConvolutionOperation, _ constants: Weights,
    _ input: Activation, _ output: Activation, _ step: PlannedStep, _ addend: Activation?
  ) throws -> PreparedOperation {
    let joins = Joins(
      addend: addend, shuffleGroups: step.shuffleGroups(plan.graph), sumsChannels: step.sumsChannels
    )
    guard let joining = variant as? any JoiningVariant else {
      return try variant.prepare(
        operation, weights: constants, input: input, output: output, workers: workers)
    }
    return try joining.prepare(
      operation, weights: constants, input: input, output: output, workers: workers, joins: joins)
  }

  private mutating func separate(
    _ index: Int, _ inputs: [GraphTensor: Activation], _ output: Activation, _ work: inout Work
  ) throws {
    let step = plan.steps[index]
    guard let (depthwise, pointwise, operation) = step.separable(plan.graph),
      let variant = plan.layouts.separable(index), let first = weights.ofNodes[depthwise],
      let second = weights.ofNodes[pointwise],
      let input = inputs[plan.graph.nodes[depthwise].sources[0]]
    else { preconditionFailure("two planned convolutions have a variant, weights and an input") }
    let prepared = try variant.prepare(
      operation, depthwise: first, pointwise: second, input: input, output: output,
      addend: step.addend(plan.graph).flatMap { inputs[$0] }, workers: workers)
    append(prepared, &work)
  }

  private mutating func deform(
    _ index: Int, _ inputs: [GraphTensor: Activation], _ output: Activation, _ work: inout Work
  ) throws {
    let step = plan.steps[index]
    let node = plan.graph.nodes[step.nodes[0]]
    let sources = node.sources.compactMap { inputs[$0] }
    guard let operation = step.deformable(plan.graph),
      let constants = weights.ofNodes[step.nodes[0]]
    else { preconditionFailure("a deformable convolution has weights") }
    let variant = DeformableVariant(kernels.instructionSet)
    let prepared = try variant.prepare(
      try variant.plan(operation, workers: workers), weights: constants, input: sources[0],
      offsets: sources[1], mask: sources.dropFirst(2).first, output: output)
    append(prepared, &work)
  }

  private mutating func append(_ prepared: PreparedOperation, _ work: inout Work) {
    hidesFilter = hidesFilter || prepared.filterMemory.isEmpty
    filters += prepared.filterMemory
    scratchBytes += prepared.scratchBytes
    work.append(prepared)
  }

  private func compute(
    _ step: PlannedStep, _ inputs: [GraphTensor: Activation], _ output: Activation,
    _ work: inout Work
  ) {
    let graph = plan.graph
    let node = graph.nodes[step.nodes[0]]
    let sources = node.sources.compactMap { inputs[$0] }
    let hasReLU = step.nodes.dropFirst().contains { graph.nodes[$0].operation == .relu }
    switch node.operation {
    case .relu: work.append(kernels.elementwise(node.name, sources[0], hasReLU: true, to: output))
    case .add:
      work.append(
        kernels.elementwise(
          node.name, sources[0], addend: sources[1], hasReLU: hasReLU, to: output))
    case .scale:
      work.append(
        kernels.elementwise(
          node.name, sources[0], scale: sources[1],
          addend: step.addend(graph).flatMap { inputs[$0] }, hasReLU: hasReLU, to: output))
    case .sigmoid: work.append(kernels.sigmoid(node.name, sources[0], to: output))
    case .pooling(let pooling):
      let sums = step.sumsFrom.flatMap { channelSums[$0] }
      work.append(kernels.pooling(node.name, pooling, sources[0], sums: sums, to: output))
    case .shuffle(let groups):
      work.append(kernels.shuffle(node.name, groups: groups, sources[0], to: output))
    case .concatenation: concatenate(step.nodes[0], sources, output, &work)
    case .convolution, .deformable: preconditionFailure("a convolution has a variant")
    case .constant:
      output.load(weights.constants[step.nodes[0]] ?? [])
      work.parts = []
    default: work.append(kernels.other(node, sources, to: output))
    }
  }

  /// Copies the sources that are not in place.
  private func concatenate(
    _ place: Int, _ sources: [Activation], _ output: Activation, _ work: inout Work
  ) {
    let node = plan.graph.nodes[place]
    var channel = 0
    work.parts = []
    for (tensor, source) in zip(node.sources, sources) {
      let part = Activation(
        partOf: output, firstChannel: channel, channels: source.shape.channels)
      defer { channel += source.shape.channels }
      if plan.isInPlace(tensor, in: .node(place), from: channel) { continue }
      work.parts?.append(part)
      let isAligned = part.isWhole || (part.layout == .nhwc && part.shape.batch == 1)
      if source.layout == part.layout, isAligned {
        work.append(kernels.elementwise(node.name, source, to: part))
      } else {
        let copy = PartCopy(from: source, to: part)
        work.append((copy.phase(node.name), copy))
      }
    }
  }
}
