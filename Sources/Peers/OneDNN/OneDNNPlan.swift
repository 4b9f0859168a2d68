// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// What oneDNN has decided about an operation: its implementation and the memory formats.
  ///
  /// `dnnl_primitive_desc_t`, of a convolution or of a reorder.
  final class OneDNNPlan {
    private let handle: OneDNNHandle

    /// The plan for a convolution whose activations lie in the given layouts, or in those that
    /// the library prefers where they are nil.
    ///
    /// Where weights are not known yet, any quantization stands for theirs.
    /// - Throws: `OneDNNError.unimplemented` where it has no implementation.
    init(
      _ operation: ConvolutionOperation, _ algorithm: dnnl_alg_kind_t, input: Layout?,
      output: Layout?, quantization: Quantization? = nil, on engine: OneDNNEngine
    ) throws(OneDNNError) {
      let problem = operation.problem
      var convolution = try Self.convolution(operation, algorithm, input: input, output: output)
      let attributes = try OneDNNAttributes.make(
        hasReLU: operation.epilogue.hasReLU,
        quantization: Self.integers(problem, quantization), output: problem.dataType.output)
      handle = try OneDNNHandle(
        "dnnl_primitive_desc_create", destroy: dnnl_primitive_desc_destroy
      ) { plan in
        dnnl_primitive_desc_create(
          plan, &convolution, attributes.pointer, engine.engine.pointer, nil)
      }
    }

    private static func convolution(
      _ operation: ConvolutionOperation, _ algorithm: dnnl_alg_kind_t, input: Layout?,
      output: Layout?
    ) throws(OneDNNError) -> dnnl_convolution_desc_t {
      let problem = operation.problem
      let types = problem.dataType
      var source = try OneDNNFormat.activations(problem.inputShape, input, types.input)
      var filter = try OneDNNFormat.filter(problem, isPlain: false)
      var bias = try OneDNNFormat.bias(problem)
      var target = try OneDNNFormat.activations(problem.outputShape, output, types.output)
      var convolution = dnnl_convolution_desc_t()
      let status = withUnsafePointer(to: &bias) { bias in
        dnnl_dilated_convolution_forward_desc_init(
          &convolution, dnnl_forward_inference, algorithm, &source, &filter,
          operation.epilogue.hasBias ? bias : nil, &target,
          pair(problem.stride.height, problem.stride.width),
          pair(problem.dilation.height - 1, problem.dilation.width - 1),
          pair(problem.padding.top, problem.padding.left),
          pair(problem.padding.bottom, problem.padding.right))
      }
      try OneDNNError.check(status, "dnnl_dilated_convolution_forward_desc_init")
      return convolution
    }

    private static func pair(_ height: Int, _ width: Int) -> [Int64] {
      [Int64(height), Int64(width)]
    }

    /// What integers stand for; any, where only the plan is asked for.
    private static func integers(
      _ problem: ConvolutionProblem, _ known: Quantization?
    ) -> Quantization? {
      guard problem.dataType.arithmetic == .u8s8 else { return nil }
      return known
        ?? Quantization(
          inputZero: 1, outputZero: 1,
          scales: TensorValues(repeating: 0.5, count: problem.outChannels))
    }

    /// The plan for a copy from one memory format to another.
    init(
      reorder source: dnnl_memory_desc_t, to target: dnnl_memory_desc_t, on engine: OneDNNEngine
    ) throws(OneDNNError) {
      let attributes = try OneDNNAttributes.make()
      handle = try OneDNNHandle(
        "dnnl_reorder_primitive_desc_create", destroy: dnnl_primitive_desc_destroy
      ) { plan in
        withUnsafePointer(to: source) { source in
          withUnsafePointer(to: target) { target in
            dnnl_reorder_primitive_desc_create(
              plan, source, engine.engine.pointer, target, engine.engine.pointer,
              attributes.pointer)
          }
        }
      }
    }

    /// The memory format of an argument, as `dnnl_query_src_md` and its like ask for it.
    func format(_ query: dnnl_query_t) throws(OneDNNError) -> dnnl_memory_desc_t {
      guard let description = dnnl_primitive_desc_query_md(handle.pointer, query, 0) else {
        throw .callFailed("dnnl_primitive_desc_query_md", status: query.rawValue)
      }
      return description.pointee
    }

    /// The implementation that the library picked: `jit:avx2`.
    var implementation: String {
      var name: UnsafePointer<CChar>?
      let status = dnnl_primitive_desc_query(
        handle.pointer, dnnl_query_impl_info_str, 0, &name)
      guard status == dnnl_success, let name else { return "unknown" }
      return String(cString: name)
    }

    /// The code for this plan, compiled by the library for the current number of threads.
    func makePrimitive() throws(OneDNNError) -> OneDNNHandle {
      try OneDNNHandle("dnnl_primitive_create", destroy: dnnl_primitive_destroy) {
        dnnl_primitive_create($0, handle.pointer)
      }
    }
  }
#endif
