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
      hasReLU: Bool = false, quantization: Quantization? = nil
    ) throws(OneDNNError) -> OneDNNHandle {
      let attributes = try OneDNNHandle(
        "dnnl_primitive_attr_create", destroy: dnnl_primitive_attr_destroy
      ) { dnnl_primitive_attr_create($0) }
      try OneDNNError.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes.pointer, dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode")
      if let quantization { try set(quantization, of: attributes) }
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

    /// A scale for each output channel, and zero points of input and output.
    private static func set(
      _ quantization: Quantization, of attributes: OneDNNHandle
    ) throws(OneDNNError) {
      let channels = CInt(1 << 1)
      try OneDNNError.check(
        dnnl_primitive_attr_set_output_scales(
          attributes.pointer, Int64(quantization.scales.count), channels, quantization.scales),
        "dnnl_primitive_attr_set_output_scales")
      for (argument, zero) in [
        (DNNL_ARG_SRC, quantization.inputZero), (DNNL_ARG_DST, quantization.outputZero),
      ] {
        try OneDNNError.check(
          dnnl_primitive_attr_set_zero_points(
            attributes.pointer, CInt(argument), 1, 0, [Int32(zero)]),
          "dnnl_primitive_attr_set_zero_points")
      }
    }
  }
#endif
