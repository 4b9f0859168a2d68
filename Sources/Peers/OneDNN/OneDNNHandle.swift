// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Synchronization

  /// An object of the library, destroyed with the last reference.
  final class OneDNNHandle {
    /// The object.
    let pointer: OpaquePointer
    private let destroy: (OpaquePointer?) -> dnnl_status_t
    /// Held while the library makes something: primitives that oneDNN 2.6.3 made for several types in two
    /// threads at once gave wrong sums, in NHWC on small images.
    private static let making = Mutex(())

    /// The object that `create`, the library's function `name`, makes.
    init(
      _ name: String, destroy: @escaping (OpaquePointer?) -> dnnl_status_t,
      create: (UnsafeMutablePointer<OpaquePointer?>) -> dnnl_status_t
    ) throws(OneDNNError) {
      var object: OpaquePointer?
      let status = Self.making.withLock { _ in create(&object) }
      try OneDNNError.check(status, name)
      guard let object else { throw .callFailed(name, status: dnnl_runtime_error.rawValue) }
      pointer = object
      self.destroy = destroy
    }

    deinit { _ = destroy(pointer) }
  }
#endif
