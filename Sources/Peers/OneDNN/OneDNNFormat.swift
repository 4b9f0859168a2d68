// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// Memory descriptors.
  enum OneDNNFormat {
    /// The layouts that oneDNN may choose for activations and that have a name here.
    static let layouts: [Layout] = [
      .nchw, .nhwc, .channelBlocked(lanes: 16), .channelBlocked(lanes: 8),
      .channelBlocked(lanes: 4),
    ]

    /// Activations of `shape`; in a format of the library's choice where `layout` is nil.
    static func activations(
      _ shape: ActivationShape, _ layout: Layout?, _ type: ElementType
    ) throws(OneDNNError) -> dnnl_memory_desc_t {
      try descriptor(
        [shape.batch, shape.channels, shape.extent.height, shape.extent.width],
        layout.map(tag) ?? dnnl_format_tag_any, type)
    }

    /// The filter of `problem`, plain and of floats, or in a format of the library's choice and the
    /// problem's type.
    static func filter(
      _ problem: ConvolutionProblem, isPlain: Bool
    ) throws(OneDNNError) -> dnnl_memory_desc_t {
      let taps = [problem.inChannelsPerGroup, problem.kernel.height, problem.kernel.width]
      let isGrouped = problem.groups > 1
      return try descriptor(
        (isGrouped ? [problem.groups, problem.outChannelsPerGroup] : [problem.outChannels]) + taps,
        isPlain ? (isGrouped ? dnnl_goihw : dnnl_oihw) : dnnl_format_tag_any,
        isPlain ? .f32 : problem.dataType.filter)
    }

    /// The bias of `problem`, of floats.
    static func bias(_ problem: ConvolutionProblem) throws(OneDNNError) -> dnnl_memory_desc_t {
      try descriptor([problem.outChannels], dnnl_x, .f32)
    }

    /// The layout of activations of `shape` that `description` describes.
    static func layout(
      of description: dnnl_memory_desc_t, _ shape: ActivationShape, _ type: ElementType
    ) throws(OneDNNError) -> Layout {
      for layout in layouts where areEqual(description, try activations(shape, layout, type)) {
        return layout
      }
      throw .unknownFormat
    }

    /// Whether two descriptors describe the same bytes.
    static func areEqual(_ left: dnnl_memory_desc_t, _ right: dnnl_memory_desc_t) -> Bool {
      withUnsafePointer(to: left) { left in
        withUnsafePointer(to: right) { right in dnnl_memory_desc_equal(left, right) != 0 }
      }
    }

    /// Floats that memory of this format occupies.
    static func count(_ description: dnnl_memory_desc_t) -> Int {
      let bytes = withUnsafePointer(to: description) { dnnl_memory_desc_get_size($0) }
      return (bytes + ElementType.f32.bytes - 1) / ElementType.f32.bytes
    }

    private static func tag(_ layout: Layout) -> dnnl_format_tag_t {
      switch layout {
      case .nchw: dnnl_nchw
      case .nhwc: dnnl_nhwc
      case .channelBlocked(lanes: 4): dnnl_nChw4c
      case .channelBlocked(lanes: 8): dnnl_nChw8c
      case .channelBlocked(lanes: 16): dnnl_nChw16c
      case .channelBlocked: dnnl_format_tag_undef
      }
    }

    private static func number(_ type: ElementType) -> dnnl_data_type_t {
      switch type {
      case .f32: dnnl_f32
      case .bf16: dnnl_bf16
      case .u8: dnnl_u8
      case .s8: dnnl_s8
      case .s32: dnnl_s32
      }
    }

    private static func descriptor(
      _ axes: [Int], _ tag: dnnl_format_tag_t, _ type: ElementType
    ) throws(OneDNNError) -> dnnl_memory_desc_t {
      var description = dnnl_memory_desc_t()
      try OneDNNError.check(
        dnnl_memory_desc_init_by_tag(
          &description, CInt(axes.count), axes.map(Int64.init), number(type), tag),
        "dnnl_memory_desc_init_by_tag")
      return description
    }
  }
#endif
