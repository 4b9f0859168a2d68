// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import CXNNPACK
  internal import Convolution

  /// An XNNPACK operator with its packed filter, bound to its activations.
  final class XNNPACKExecution {
    private let operation: OpaquePointer
    private let call: UnsafeMutablePointer<Call>
    private let pool: XNNPACKPool?
    private let activations: [Activation]
    private let filterMemory: [UnsafeRawBufferPointer]
    private let signs: XNNPACKSigns?

    /// What the phase works on; plain values only.
    private struct Call {
      var operation: OpaquePointer
      var pool: OpaquePointer?
    }

    /// - Throws: `XNNPACKError`, or `MemoryError` where there is no room for signed activations.
    init(
      _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
      threads: Int
    ) throws {
      let library = try XNNPACKLibrary.shared.get()
      let isInteger = operation.problem.dataType == .u8s8
      pool = threads > 1 ? try XNNPACKPool(threads: threads) : nil
      let signs = try isInteger ? XNNPACKSigns(input, output, pool: pool) : nil
      (self.operation, filterMemory) = try library.recording { () throws(XNNPACKError) in
        try isInteger
          ? Self.makeIntegers(operation, weights) : Self.makeFloats(operation, weights)
      }
      self.signs = signs
      activations = [input, output]
      call = .allocate(capacity: 1)
      call.initialize(to: Call(operation: self.operation, pool: pool?.handle))
      try setUp(operation.problem.batch, operation.problem.input, input, output)
    }

    /// Tells the library where the tensors lie.
    private func setUp(
      _ batch: Int, _ extent: Extent, _ input: Activation, _ output: Activation
    ) throws(XNNPACKError) {
      if let signs {
        try XNNPACKError.check(
          xnn_setup_convolution2d_nhwc_qc8(
            operation, batch, extent.height, extent.width, signs.input, signs.output,
            pool?.handle), "xnn_setup_convolution2d_nhwc_qc8")
      } else {
        try XNNPACKError.check(
          xnn_setup_convolution2d_nhwc_f32(
            operation, batch, extent.height, extent.width, input.pointer, output.pointer,
            pool?.handle), "xnn_setup_convolution2d_nhwc_f32")
      }
    }

    deinit {
      _ = xnn_delete_operator(operation)
      call.deallocate()
    }

    /// The execution as the measuring code takes it.
    func prepared() -> PreparedOperation {
      let phase = Phase(name: "convolution", tasks: 1, context: UnsafeRawPointer(call)) {
        context, first, end, _ in
        guard first < end else { return }
        let call = context.assumingMemoryBound(to: Call.self).pointee
        // Nothing between start and stop throws; a failure leaves the output unwritten, which the
        // verification finds.
        _ = xnn_run_operator(call.operation, call.pool)
      }
      return PreparedOperation(
        phases: [phase],
        implementation: signs == nil ? "XNNPACK" : "XNNPACK qc8, signed activations",
        usesOwnThreads: pool != nil, beforeRound: signs?.before,
        afterRound: signs?.after ?? pool?.rest, filterMemory: filterMemory, owner: self)
    }

    /// The operator of a convolution; it keeps a packed copy of the weights.
    private static func makeFloats(
      _ operation: ConvolutionOperation, _ weights: Weights
    ) throws(XNNPACKError) -> OpaquePointer {
      let problem = operation.problem
      let padding = problem.padding
      var made: OpaquePointer?
      let status = channelsLast(weights.filter, problem).withUnsafeBufferPointer { filter in
        weights.bias.withUnsafeBufferPointer { bias in
          xnn_create_convolution2d_nhwc_f32(
            UInt32(padding.top), UInt32(padding.right), UInt32(padding.bottom),
            UInt32(padding.left), UInt32(problem.kernel.height), UInt32(problem.kernel.width),
            UInt32(problem.stride.height), UInt32(problem.stride.width),
            UInt32(problem.dilation.height), UInt32(problem.dilation.width),
            UInt32(problem.groups), problem.inChannelsPerGroup, problem.outChannelsPerGroup,
            problem.inChannels, problem.outChannels, filter.baseAddress,
            operation.epilogue.hasBias ? bias.baseAddress : nil,
            operation.epilogue.hasReLU ? 0 : -Float.infinity, Float.infinity, 0, &made)
        }
      }
      return try checked(made, status, "xnn_create_convolution2d_nhwc_f32")
    }

    /// The same with a signed input, a scale for each output channel, and a signed output.
    private static func makeIntegers(
      _ operation: ConvolutionOperation, _ weights: Weights
    ) throws(XNNPACKError) -> OpaquePointer {
      guard let quantization = weights.quantization else {
        preconditionFailure("integers without scales")
      }
      let problem = operation.problem
      let padding = problem.padding
      let filter = channelsLast(weights.filter, problem).map { Int8($0) }
      let bias = weights.bias.map { Int32($0) }
      let zero = XNNPACKSigns.signed(quantization.outputZero)
      // Its outputs have to have at least two values.
      let least = operation.epilogue.hasReLU ? min(zero, .max - 1) : .min
      var made: OpaquePointer?
      let status = xnn_create_convolution2d_nhwc_qc8(
        UInt32(padding.top), UInt32(padding.right), UInt32(padding.bottom), UInt32(padding.left),
        UInt32(problem.kernel.height), UInt32(problem.kernel.width),
        UInt32(problem.stride.height), UInt32(problem.stride.width),
        UInt32(problem.dilation.height), UInt32(problem.dilation.width), UInt32(problem.groups),
        problem.inChannelsPerGroup, problem.outChannelsPerGroup, problem.inChannels,
        problem.outChannels, XNNPACKSigns.signed(quantization.inputZero), 1, quantization.scales,
        filter, bias.isEmpty ? nil : bias, zero, 1, least, .max, 0, &made)
      return try checked(made, status, "xnn_create_convolution2d_nhwc_qc8")
    }

    private static func checked(
      _ made: OpaquePointer?, _ status: xnn_status, _ call: String
    ) throws(XNNPACKError) -> OpaquePointer {
      try XNNPACKError.check(status, call)
      guard let made else {
        throw .callFailed(call, status: xnn_status_out_of_memory.rawValue)
      }
      return made
    }

    /// The filter as `[Co][Kh][Kw][Ci/G]`.
    private static func channelsLast(_ plain: TensorValues, _ problem: ConvolutionProblem)
      -> TensorValues
    {
      let channels = problem.inChannelsPerGroup
      let taps = problem.kernel.area
      return TensorValues(unsafeUninitializedCapacity: plain.count) { target, count in
        for output in 0..<problem.outChannels {
          let first = output * channels * taps
          for channel in 0..<channels {
            for tap in 0..<taps {
              target.initializeElement(
                at: first + tap * channels + channel, to: plain[first + channel * taps + tap])
            }
          }
        }
        count = plain.count
      }
    }
  }
#endif
