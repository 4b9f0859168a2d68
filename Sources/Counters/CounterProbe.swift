// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Glibc

/// Tries whether events count together on the calling thread.
struct CounterProbe {
  let library: PAPILibrary

  /// Adds, starts, reads and stops a set of `codes`; nil where all of it works.
  ///
  /// With `lastAdvances`, the last of them must also count something while this runs.
  func failure(of codes: [Int32], lastAdvances: Bool = false) -> PAPIFailure? {
    let set: Int32
    switch library.makeSet(of: codes) {
    case .success(let made): set = made
    case .failure(let failure): return failure
    }
    defer { library.destroy(set) }
    let started = library.start(set)
    guard started == CPAPI_OK else { return PAPIFailure(stage: .start, status: started) }
    var values = [Int64](repeating: 0, count: codes.count)
    let status = values.withUnsafeMutableBufferPointer { values -> Int32 in
      guard let first = values.baseAddress else { return Int32(CPAPI_OK) }
      let read = library.read(set, into: first)
      let stopped = library.stop(set, into: first)
      return read == CPAPI_OK ? stopped : read
    }
    guard status == CPAPI_OK else { return PAPIFailure(stage: .read, status: status) }
    return lastAdvances && values.last == 0
      ? PAPIFailure(stage: .read, status: PAPIFailure.standsStill) : nil
  }
}
