// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// Forward inference by oneDNN, filters brought into its format outside the clock.
  struct OneDNNVariant: ConvolutionVariant {
    typealias Failure = any Error

    /// Which memory formats the convolution works on.
    enum Formats: Sendable {
      /// Those that the library prefers; the activations are kept in them.
      case preferred
      /// Those that the library prefers, with plain NCHW around and both conversions timed.
      case preferredFromNCHW
      /// The given layout for input and output.
      case fixed(Layout)
    }

    let identity: VariantIdentity
    private let formats: Formats
    private let isWinograd: Bool

    /// The variants of this library, in a stable order.
    static let all: [any ConvolutionVariant] = [
      OneDNNVariant("any", .preferred),
      OneDNNVariant("any+reorder", .preferredFromNCHW),
      OneDNNVariant("nhwc", .fixed(.nhwc)),
      OneDNNVariant("nchw", .fixed(.nchw)),
      // The library never picks Winograd by itself; asked for, it is its fastest 3×3.
      OneDNNVariant("winograd", .preferred, isWinograd: true),
      OneDNNVariant("winograd+reorder", .preferredFromNCHW, isWinograd: true),
    ]

    init(_ layout: String, _ formats: Formats, isWinograd: Bool = false) {
      identity = VariantIdentity(
        family: "onednn", layout: layout, accuracy: isWinograd ? .fast : .exact)
      self.formats = formats
      self.isWinograd = isWinograd
    }

    private var algorithm: dnnl_alg_kind_t {
      isWinograd ? dnnl_convolution_winograd : dnnl_convolution_direct
    }

    func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
      if isWinograd, let refusal = operation.refusal(of: .f32) { return refusal }
      do throws(OneDNNError) {
        guard let openMP = OpenMP() else { throw .noOpenMP }
        _ = try openMP.withThreads(workers) { () throws(OneDNNError) in try chosen(operation) }
        return .supported
      } catch {
        return .unsupported(reason: error.description)
      }
    }

    func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
      guard case .preferred = formats else {
        return if case .fixed(let layout) = formats { (layout, layout) } else { (.nchw, .nchw) }
      }
      // `support` has asked the same and got an answer; NCHW only closes the type.
      return (try? chosen(operation)) ?? (.nchw, .nchw)
    }

    func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
      if isWinograd { return .winograd(operation, .oneDNN) }
      // It may add the bias after rounding the sum to a float.
      return switch operation.problem.dataType {
      case .u8s8: ErrorBound(relative: 0, absolute: 1)
      case .u8s8s32, .u8s8f32: ErrorBound(relative: 0x1p-22)
      case .f32, .bf16, .bf16f32: .summation(operation)
      }
    }

    func prepare(
      _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
      workers: Int, joins: Joins
    ) throws -> PreparedOperation {
      guard let openMP = OpenMP() else { throw OneDNNError.noOpenMP }
      let chosen = try openMP.withThreads(workers) { try self.chosen(operation) }
      let execution = try OneDNNExecution(
        operation, algorithm, weights: weights, input: input, output: output, layouts: chosen,
        threads: workers, openMP: openMP)
      return execution.prepared()
    }

    /// The layouts on which the convolution itself works.
    private func chosen(
      _ operation: ConvolutionOperation
    ) throws(OneDNNError) -> (input: Layout, output: Layout) {
      let fixed: Layout? = if case .fixed(let layout) = formats { layout } else { nil }
      let plan = try OneDNNPlan(
        operation, algorithm, input: fixed, output: fixed, on: try OneDNNEngine())
      let problem = operation.problem
      return (
        try OneDNNFormat.layout(
          of: try plan.format(dnnl_query_src_md), problem.inputShape, problem.dataType.input),
        try OneDNNFormat.layout(
          of: try plan.format(dnnl_query_dst_md), problem.outputShape, problem.dataType.output)
      )
    }
  }
#endif
