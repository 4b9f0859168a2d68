// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN

  /// Why oneDNN does not do what it is asked for.
  enum OneDNNError: Error, Hashable, Sendable {
    /// It has no implementation of this convolution for this CPU and these formats.
    case unimplemented
    /// It wants the activations in a format that is none of ours.
    case unknownFormat
    /// Its threads cannot be counted: it was not built for the OpenMP that is loaded.
    case noOpenMP
    /// A call failed; `dnnl_status_t` numbers the status.
    case callFailed(String, status: UInt32)

    /// Throws where `status`, which `call` returned, is not success.
    static func check(_ status: dnnl_status_t, _ call: String) throws(OneDNNError) {
      if status == dnnl_success { return }
      throw status == dnnl_unimplemented
        ? .unimplemented : .callFailed(call, status: status.rawValue)
    }
  }

  extension OneDNNError: CustomStringConvertible {
    /// The reason as it stands in a result row.
    var description: String {
      let name = OneDNNEngine.version
      switch self {
      case .unimplemented: return "\(name) has no implementation of it for this CPU"
      case .unknownFormat: return "\(name) chose a memory format that is not one of ours"
      case .noOpenMP: return "\(name) does not run on an OpenMP whose threads can be set"
      case .callFailed(let call, let status): return "\(name): \(call) failed with status \(status)"
      }
    }
  }
#endif
