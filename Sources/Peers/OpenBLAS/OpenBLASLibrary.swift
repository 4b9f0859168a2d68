// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS

/// The OpenBLAS that this process is linked with, held to one thread.
///
/// OpenBLAS starts its threads when it is loaded. Told that it has one, it computes on the calling
/// thread alone; the threads it has started find no work and sleep for good after a tenth of a
/// second.
struct OpenBLASLibrary: Sendable {
  /// The version and the core whose kernels it picked: `OpenBLAS 0.3.21 Zen`.
  let description: String

  /// The library, set up on first use; whoever calls `cblas_sgemm` must have touched it.
  static let shared = OpenBLASLibrary()

  private init() {
    openblas_set_num_threads(1)
    // The configuration reads `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … MAX_THREADS=64`.
    let configuration = openblas_get_config().map { String(cString: $0) } ?? "OpenBLAS"
    let core = openblas_get_corename().map { String(cString: $0) } ?? "unknown core"
    let version = configuration.split(separator: " ").prefix(2).joined(separator: " ")
    description = "\(version) \(core)"
  }
}
