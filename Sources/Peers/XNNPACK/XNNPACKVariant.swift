// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import Convolution

  /// XNNPACK's convolution operator on NHWC, filters packed outside the clock.
  struct XNNPACKVariant: ConvolutionVariant {
    typealias Failure = any Error

    let identity = VariantIdentity(family: "xnnpack", layout: "nhwc")

    func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
      if let refusal = operation.refusal(of: .f32, .u8s8) { return refusal }
      return switch XNNPACKLibrary.shared {
      case .success: .supported
      case .failure(let error): .unsupported(reason: error.description)
      }
    }

    func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
      (.nhwc, .nhwc)
    }

    func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
      // Its kernels round in ways of their own.
      operation.problem.dataType == .u8s8
        ? ErrorBound(relative: 0, absolute: 1) : .summation(operation)
    }

    func prepare(
      _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
      workers: Int, joins: Joins
    ) throws -> PreparedOperation {
      let execution = try XNNPACKExecution(
        operation, weights: weights, input: input, output: output, threads: workers)
      return execution.prepared()
    }
  }
#endif
