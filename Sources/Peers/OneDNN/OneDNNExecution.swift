// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// A convolution made ready: filter converted, code compiled, memory bound.
  final class OneDNNExecution {
    private let engine: OneDNNEngine
    private let openMP: OpenMP
    private let threads: Int
    private let implementation: String
    private var steps: [(name: String, step: OneDNNStep)] = []
    private var activations: [Activation] = []
    /// The converted filter and the bias.
    private var weightBuffers: [AlignedBuffer] = []
    private var intermediateBytes = 0
    private let team: OpenMPTeam?

    /// - Throws: `OneDNNError`, or `MemoryError` where there is no room for the converted filter.
    init(
      _ operation: ConvolutionOperation, _ algorithm: dnnl_alg_kind_t, weights: Weights,
      input: Activation, output: Activation, layouts: (input: Layout, output: Layout),
      threads: Int, openMP: OpenMP
    ) throws {
      let engine = try OneDNNEngine()
      (self.engine, self.openMP, self.threads) = (engine, openMP, threads)
      team = threads > 1 ? OpenMPTeam(openMP, cpus: WorkerCPUs.first(threads)) : nil
      let (before, after) = layouts
      let plan = try openMP.withThreads(threads) {
        try OneDNNPlan(
          operation, algorithm, input: before, output: after, quantization: weights.quantization,
          on: engine)
      }
      let ends = "\(before.name) to \(after.name)"
      implementation = "\(OneDNNEngine.version) \(plan.implementation), \(ends)"
      let source = try input.layout == before ? input : intermediate(input, before)
      let target = try output.layout == after ? output : intermediate(output, after)
      if source !== input { try addReorder("reorder input", from: input, to: source) }
      var arguments = try weightArguments(operation, weights, plan)
      arguments.append((CInt(DNNL_ARG_SRC), try memory(source)))
      arguments.append((CInt(DNNL_ARG_DST), try memory(target)))
      try add("convolution", plan, arguments)
      if target !== output { try addReorder("reorder output", from: target, to: output) }
      activations += [input, output]
    }

    /// The execution as the measuring code takes it.
    func prepared() -> PreparedOperation {
      PreparedOperation(
        phases: steps.map { $0.step.phase($0.name) },
        scratchBytes: steps.reduce(intermediateBytes) { $0 + $1.step.scratchBytes },
        implementation: implementation, usesOwnThreads: threads > 1, beforeRound: team?.start,
        afterRound: team?.end,
        filterMemory: weightBuffers.map { UnsafeRawBufferPointer($0.floats) }, owner: self)
    }

    private func intermediate(_ like: Activation, _ layout: Layout) throws -> Activation {
      let activation = try Activation(like.shape, layout: layout, type: like.type)
      activations.append(activation)
      intermediateBytes += activation.buffer.bytes
      return activation
    }

    private func memory(_ activation: Activation) throws(OneDNNError) -> OneDNNHandle {
      try engine.memory(
        try OneDNNFormat.activations(activation.shape, activation.layout, activation.type),
        at: activation.pointer)
    }

    private func add(
      _ name: String, _ plan: OneDNNPlan, _ memories: [(argument: CInt, memory: OneDNNHandle)]
    ) throws {
      let step = try openMP.withThreads(threads) {
        try OneDNNStep(plan, memories, threads: threads, openMP: openMP, on: engine)
      }
      steps.append((name, step))
    }

    private func addReorder(_ name: String, from: Activation, to: Activation) throws {
      let plan = try openMP.withThreads(threads) {
        try OneDNNPlan(
          reorder: try OneDNNFormat.activations(from.shape, from.layout, from.type),
          to: try OneDNNFormat.activations(to.shape, to.layout, to.type), on: engine)
      }
      try add(
        name, plan,
        [(CInt(DNNL_ARG_FROM), try memory(from)), (CInt(DNNL_ARG_TO), try memory(to))])
    }

    /// The filter in the plan's format and the bias, as arguments of the convolution.
    private func weightArguments(
      _ operation: ConvolutionOperation, _ weights: Weights, _ plan: OneDNNPlan
    ) throws -> [(argument: CInt, memory: OneDNNHandle)] {
      let packed = try convertedFilter(operation.problem, weights, plan)
      var arguments = [(argument: CInt(DNNL_ARG_WEIGHTS), memory: packed)]
      if operation.epilogue.hasBias {
        let bias = try AlignedBuffer(weights.bias)
        weightBuffers.append(bias)
        let memory = try engine.memory(try OneDNNFormat.bias(operation.problem), at: bias.pointer)
        arguments.append((CInt(DNNL_ARG_BIAS), memory))
      }
      return arguments
    }

    /// Copies the filter into the plan's format, on the calling thread alone: a team started here
    /// would stay behind.
    private func convertedFilter(
      _ problem: ConvolutionProblem, _ weights: Weights, _ plan: OneDNNPlan
    ) throws -> OneDNNHandle {
      let plainFormat = try OneDNNFormat.filter(problem, isPlain: true)
      let packedFormat = try plan.format(dnnl_query_weights_md)
      let plain = try AlignedBuffer(weights.filter)
      let packed = try AlignedBuffer(count: OneDNNFormat.count(packedFormat))
      weightBuffers.append(packed)
      let packedMemory = try engine.memory(packedFormat, at: packed.pointer)
      try openMP.withThreads(1) {
        let reorder = try OneDNNPlan(reorder: plainFormat, to: packedFormat, on: engine)
        let step = try OneDNNStep(
          reorder,
          [
            (CInt(DNNL_ARG_FROM), try engine.memory(plainFormat, at: plain.pointer)),
            (CInt(DNNL_ARG_TO), packedMemory),
          ], threads: 1, openMP: openMP, on: engine)
        try OneDNNError.check(step.call.pointee.execute(), "dnnl_primitive_execute")
      }
      return packedMemory
    }
  }
#endif
