// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// What a primitive is told beside its shapes.
  enum OneDNNAttributes {
    /// Attributes with scratch memory given by us, and with ReLU after the sum where wanted.
    ///
    /// Scratch memory of the library's own belongs to the thread that makes the primitive, and
    /// ours are executed by a worker.
    static func make(
      hasReLU: Bool = false, quantization: Quantization? = nil, output: ElementType = .u8
    ) throws(OneDNNError) -> OneDNNHandle {
      let attributes = try OneDNNHandle(
        "dnnl_primitive_attr_create", destroy: dnnl_primitive_attr_destroy
      ) { dnnl_primitive_attr_create($0) }
      try OneDNNError.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes.pointer, dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode")
      if let quantization { try set(quantization, output, of: attributes) }
      guard hasReLU else { return attributes }
      let steps = try OneDNNHandle("dnnl_post_ops_create", destroy: dnnl_post_ops_destroy) {
        dnnl_post_ops_create($0)
      }
      try OneDNNError.check(
        dnnl_post_ops_append_eltwise(steps.pointer, 1, dnnl_eltwise_relu, 0, 0),
        "dnnl_post_ops_append_eltwise")
      try OneDNNError.check(
        dnnl_primitive_attr_set_post_ops(attributes.pointer, steps.pointer),
        "dnnl_primitive_attr_set_post_ops")
      return attributes
    }

    /// A scale for each output channel, of which sums have none, and zero points of the input and of a
    /// rounded output.
    private static func set(
      _ quantization: Quantization, _ output: ElementType, of attributes: OneDNNHandle
    ) throws(OneDNNError) {
      let channels = CInt(1 << 1)
      if output != .s32 {
        try OneDNNError.check(
          dnnl_primitive_attr_set_output_scales(
            attributes.pointer, Int64(quantization.scales.count), channels, quantization.scales),
          "dnnl_primitive_attr_set_output_scales")
      }
      for (argument, zero) in [
        (DNNL_ARG_SRC, quantization.inputZero),
        (DNNL_ARG_DST, output == .u8 ? quantization.outputZero : 0),
      ] {
        try OneDNNError.check(
          dnnl_primitive_attr_set_zero_points(
            attributes.pointer, CInt(argument), 1, 0, [Int32(zero)]),
          "dnnl_primitive_attr_set_zero_points")
      }
    }
  }
#endif
