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

    /// What the phase works on; plain values only.
    private struct Call {
      var operation: OpaquePointer
      var pool: OpaquePointer?
    }

    /// - Throws: `XNNPACKError`.
    init(
      _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
      threads: Int
    ) throws(XNNPACKError) {
      let library = try XNNPACKLibrary.shared.get()
      pool = threads > 1 ? try XNNPACKPool(threads: threads) : nil
      (self.operation, filterMemory) = try library.recording { () throws(XNNPACKError) in
        try Self.makeOperator(operation, weights)
      }
      activations = [input, output]
      call = .allocate(capacity: 1)
      call.initialize(to: Call(operation: self.operation, pool: pool?.handle))
      let extent = operation.problem.input
      try XNNPACKError.check(
        xnn_setup_convolution2d_nhwc_f32(
          self.operation, operation.problem.batch, extent.height, extent.width, input.pointer,
          output.pointer, pool?.handle),
        "xnn_setup_convolution2d_nhwc_f32")
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
        phases: [phase], implementation: "XNNPACK", usesOwnThreads: pool != nil,
        afterRound: pool?.rest, filterMemory: filterMemory, owner: self)
    }

    /// The operator of a convolution; it keeps a packed copy of the weights.
    private static func makeOperator(
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
      try XNNPACKError.check(status, "xnn_create_convolution2d_nhwc_f32")
      guard let made else {
        throw .callFailed(
          "xnn_create_convolution2d_nhwc_f32", status: xnn_status_out_of_memory.rawValue)
      }
      return made
    }

    /// The filter as `[Co][Kh][Kw][Ci/G]`.
    private static func channelsLast(_ plain: [Float], _ problem: ConvolutionProblem) -> [Float] {
      let channels = problem.inChannelsPerGroup
      let taps = problem.kernel.area
      return [Float](unsafeUninitializedCapacity: plain.count) { target, count in
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
