// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Makes the phases of a planned graph.
struct GraphBuilder {
  private let plan: GraphPlan
  private let weights: GraphWeights
  private let workers: Int
  private let memory: GraphMemory
  private var filters: [UnsafeRawBufferPointer] = []
  private var hidesFilter = false
  private var scratchBytes = 0
  /// What convolutions keep of sums over pixels, by step.
  private var channelSums: [Int: Activation] = [:]

  init(_ plan: GraphPlan, weights: GraphWeights, workers: Int) throws(MemoryError) {
    self.plan = plan
    self.weights = weights
    self.workers = workers
    memory = try GraphMemory(plan)
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

  /// Adds what a step reads, and reorders what lies in another layout.
  private func read(
    _ fragment: Fragment, _ step: PlannedStep, _ index: Int, into tensors: inout FragmentTensors
  ) -> [(phases: [Phase], owner: AnyObject)] {
    var reorders: [(phases: [Phase], owner: AnyObject)] = []
    for tensor in fragment.reads where !isInPlace(tensor, step) {
      tensors.inputs[tensor] = activation(tensor)
      if let copy = memory.reordered[.init(tensor: tensor, step: index)] {
        reorders.append(reorder(activation(tensor), to: copy))
        tensors.inputs[tensor] = copy
      }
    }
    return reorders
  }

  private mutating func step(_ index: Int) throws -> PreparedGraphStep {
    let step = plan.steps[index]
    let fragment = step.fragment
    let implementation = plan.layouts.implementation(index)
    var tensors = FragmentTensors(
      inputs: [:], output: activation(.node(step.result)), weights: weights,
      sums: step.sumsFrom.flatMap { channelSums[$0] })
    let reorders = read(fragment, step, index, into: &tensors)
    let prepared = try implementation.prepare(fragment, tensors, workers: workers)
    channelSums[index] = prepared.channelSums
    scratchBytes += prepared.scratchBytes
    if !fragment.convolutions.isEmpty {
      hidesFilter = hidesFilter || prepared.filterMemory.isEmpty
      filters += prepared.filterMemory
    }
    return PreparedGraphStep(
      nodes: fragment.nodes, phases: reorders.flatMap { $0.phases } + prepared.phases,
      output: tensors.output,
      inputs: Dictionary(uniqueKeysWithValues: fragment.reads.map { ($0, activation($0)) }),
      ownParts: ownParts(step, tensors), bound: implementation.bound(fragment),
      owner: reorders.map { $0.owner } + [prepared])
  }

  private func reorder(
    _ source: Activation, to target: Activation
  ) -> (phases: [Phase], owner: AnyObject) {
    if source.whole == source.shape {
      let prepared = LayoutConversion(from: source, to: target).prepared()
      return (prepared.phases, prepared)
    }
    let copy = PartCopy(from: source, to: target)
    return ([copy.phase("reorder")], copy)
  }

  /// Whether a concatenation has a source where it wants it.
  private func isInPlace(_ tensor: GraphTensor, _ step: PlannedStep) -> Bool {
    step.isInPlace
      && step.fragment.parts.contains {
        $0.tensor == tensor
          && plan.isInPlace(tensor, in: .node(step.result), from: $0.firstChannel)
      }
  }

  /// What of its result a step writes: of a concatenation what it copies, of constants nothing, for
  /// they are there already.
  private func ownParts(_ step: PlannedStep, _ tensors: FragmentTensors) -> [Activation] {
    switch step.fragment.first.operation {
    case .constant: []
    case .concatenation:
      step.fragment.parts.filter { tensors.inputs[$0.tensor] != nil }.map {
        Activation(
          partOf: tensors.output, firstChannel: $0.firstChannel, channels: $0.channels)
      }
    default: [tensors.output]
    }
  }
}
