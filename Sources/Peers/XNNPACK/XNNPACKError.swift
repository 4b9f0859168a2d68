// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import CXNNPACK

  /// Why XNNPACK does not do what it is asked for.
  enum XNNPACKError: Error, Hashable, Sendable {
    /// It has no kernels for this CPU.
    case unsupportedHardware
    /// A call failed; `xnn_status` numbers the status.
    case callFailed(String, status: UInt32)
    /// Its threads could not be started.
    case noThreads(Int)

    /// Throws where `status`, which `call` returned, is not success.
    static func check(_ status: xnn_status, _ call: String) throws(XNNPACKError) {
      if status == xnn_status_success { return }
      throw status == xnn_status_unsupported_hardware
        ? .unsupportedHardware : .callFailed(call, status: status.rawValue)
    }
  }

  extension XNNPACKError: CustomStringConvertible {
    /// The reason as it stands in a result row.
    var description: String {
      switch self {
      case .unsupportedHardware: "XNNPACK has no kernels for this CPU"
      case .callFailed(let call, let status): "XNNPACK: \(call) failed with status \(status)"
      case .noThreads(let count): "XNNPACK's pool of \(count) threads could not be started"
      }
    }
  }
#endif
