// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import Glibc

  /// The OpenMP runtime that a library has brought into this process: GCC's libgomp.
  ///
  /// Looked up by name instead of linked: which runtime there is, is the library's business.
  struct OpenMP {
    /// `omp_set_num_threads`: the size of teams that the calling thread starts.
    typealias SetThreads = @convention(c) (CInt) -> Void
    /// The function that every thread of a region calls.
    typealias Region = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// Sets how many threads regions of the calling thread have.
    let setThreads: SetThreads
    /// How many threads regions of the calling thread have.
    let threads: @convention(c) () -> CInt
    /// The number of the calling thread in its team.
    let threadNumber: @convention(c) () -> CInt
    /// Runs a region: function, its argument, threads, flags (0).
    let parallel:
      @convention(c) (Region, UnsafeMutableRawPointer?, CUnsignedInt, CUnsignedInt) -> Void
    /// Ends the threads that the calling thread's regions have left waiting; 0 on success.
    let pause: @convention(c) (CInt) -> CInt

    /// The runtime of this process, or nil where there is none.
    init?() {
      guard
        let setThreads = Self.find("omp_set_num_threads", as: SetThreads.self),
        let threads = Self.find("omp_get_max_threads", as: (@convention(c) () -> CInt).self),
        let number = Self.find("omp_get_thread_num", as: (@convention(c) () -> CInt).self),
        let parallel = Self.find(
          "GOMP_parallel",
          as: (@convention(c) (
            Region, UnsafeMutableRawPointer?, CUnsignedInt, CUnsignedInt
          ) -> Void).self),
        let pause = Self.find(
          "omp_pause_resource_all", as: (@convention(c) (CInt) -> CInt).self)
      else { return nil }
      self.setThreads = setThreads
      self.threads = threads
      threadNumber = number
      self.parallel = parallel
      self.pause = pause
    }

    /// Runs `body` with regions of `count` threads on the calling thread, then restores what was.
    func withThreads<Result, Failure: Error>(
      _ count: Int, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
      let before = threads()
      setThreads(CInt(count))
      defer { setThreads(before) }
      return try body()
    }

    private static func find<Function>(_ name: String, as type: Function.Type) -> Function? {
      dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }
  }
#endif
