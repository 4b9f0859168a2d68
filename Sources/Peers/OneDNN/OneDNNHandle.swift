// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN

  /// An object of the library, destroyed with the last reference.
  final class OneDNNHandle {
    /// The object.
    let pointer: OpaquePointer
    private let destroy: (OpaquePointer?) -> dnnl_status_t

    /// The object that `create`, the library's function `name`, makes.
    init(
      _ name: String, destroy: @escaping (OpaquePointer?) -> dnnl_status_t,
      create: (UnsafeMutablePointer<OpaquePointer?>) -> dnnl_status_t
    ) throws(OneDNNError) {
      var object: OpaquePointer?
      try OneDNNError.check(create(&object), name)
      guard let object else { throw .callFailed(name, status: dnnl_runtime_error.rawValue) }
      pointer = object
      self.destroy = destroy
    }

    deinit { _ = destroy(pointer) }
  }
#endif
