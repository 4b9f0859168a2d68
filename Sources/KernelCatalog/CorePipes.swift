// SPDX-License-Identifier: Apache-2.0

internal import Convolution

#if !arch(arm64)
  internal import Glibc
#endif

/// How many 512-bit FMAs a core begins in a cycle, which no instruction tells: some have two pipes of
/// that width (Zen 5, Intel's larger servers), others join two of 256 bits to one (Zen 4).
enum CorePipes {
  #if arch(arm64)
    /// There are none of that width.
    static let wide = 1.0
  #else
    /// 1 or 2, measured once a process, in a fraction of a millisecond; 1 without AVX-512.
    static let wide = Double(measured())

    /// How often both loops run in turn; the fastest of each counts.
    private static let tries = 8
    /// Of two equal pipes the loops take equally long, of one the wide loop twice as long.
    private static let least = 0.75

    private static func measured() -> Int {
      let kernels = KernelCatalog.limitKernels(for: InstructionSet.available)
        .filter { $0.family == .peakFMA && $0.dataType == .f32 }
      guard let wide = kernels.first(where: { $0.instructionSet == .avx512 }),
        let narrow = kernels.first(where: { $0.instructionSet == .avx2 }),
        let buffer = try? AlignedBuffer(count: LimitArguments.granule)
      else { return 1 }
      var arguments = LimitArguments(
        memory: buffer.pointer, floatsPerWorker: LimitArguments.granule)
      return withUnsafePointer(to: &arguments) { arguments in
        var best = (narrow: Int.max, wide: Int.max)
        for _ in 0..<tries {
          best.narrow = min(best.narrow, nanoseconds(narrow, arguments))
          best.wide = min(best.wide, nanoseconds(wide, arguments))
        }
        return Double(best.narrow) > least * Double(best.wide) ? 2 : 1
      }
    }

    /// How long a task of `kernel` takes.
    private static func nanoseconds(
      _ kernel: KernelEntry, _ arguments: UnsafePointer<LimitArguments>
    ) -> Int {
      let start = now()
      kernel.run(UnsafeRawPointer(arguments), 0, 1, 0)
      return now() - start
    }

    private static func now() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
  #endif
}
