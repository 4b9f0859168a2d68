// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import CXNNPACK
  internal import Convolution

  /// XNNPACK's convolution operator on NHWC, filters packed outside the clock.
  struct XNNPACKVariant: ConvolutionVariant {
    let identity = VariantIdentity(family: "xnnpack", layout: "nhwc")

    func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
      do throws(XNNPACKError) {
        try XNNPACKError.check(xnn_initialize(nil), "xnn_initialize")
        return .supported
      } catch {
        return .unsupported(reason: error.description)
      }
    }

    func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
      (.nhwc, .nhwc)
    }

    func prepare(
      _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
      workers: Int
    ) throws -> PreparedOperation {
      let execution = try XNNPACKExecution(
        operation, weights: weights, input: input, output: output, threads: workers)
      return execution.prepared()
    }
  }
#endif
