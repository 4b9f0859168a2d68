// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// The CPU as oneDNN sees it, with a stream for what is executed on it.
  final class OneDNNEngine {
    /// The engine.
    let engine: OneDNNHandle
    /// The stream; on the CPU it executes at once, on the calling thread and its OpenMP team.
    let stream: OneDNNHandle

    init() throws(OneDNNError) {
      let engine = try OneDNNHandle("dnnl_engine_create", destroy: dnnl_engine_destroy) {
        dnnl_engine_create($0, dnnl_cpu, 0)
      }
      self.engine = engine
      stream = try OneDNNHandle("dnnl_stream_create", destroy: dnnl_stream_destroy) {
        dnnl_stream_create($0, engine.pointer, UInt32(dnnl_stream_default_flags.rawValue))
      }
    }

    /// The library and its version: `oneDNN 2.6.3`.
    static let version: String = {
      guard let version = dnnl_version()?.pointee else { return "oneDNN" }
      return "oneDNN \(version.major).\(version.minor).\(version.patch)"
    }()

    /// A memory object over `pointer`, which the caller keeps alive.
    func memory(
      _ description: dnnl_memory_desc_t, at pointer: AlignedBuffer.Address
    ) throws(OneDNNError) -> OneDNNHandle {
      try OneDNNHandle("dnnl_memory_create", destroy: dnnl_memory_destroy) { memory in
        withUnsafePointer(to: description) { description in
          dnnl_memory_create(memory, description, engine.pointer, pointer)
        }
      }
    }
  }
#endif
