// SPDX-License-Identifier: Apache-2.0

/// Why a plan cannot be measured on this machine, found before anything is.
enum PreflightError: Error {
  /// A group's tensors are larger than the free memory.
  case notEnoughMemory(caseName: String, needed: Int, free: FreeMemory)
  /// The limit of open files leaves no room for the program's own.
  case notEnoughFiles(limit: Int, needed: Int)
  /// The limit of the stack leaves no room for the program's own calls, in bytes.
  case notEnoughStack(limit: Int, needed: Int)
  /// The limit of CPU time leaves no room for measuring, in seconds.
  case notEnoughTime(limit: Int, needed: Int)
}

extension PreflightError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notEnoughMemory(let name, let needed, let free):
      "case ‘\(name)’ and what it is compared with need about \(needed >> 20) MiB, but "
        + "\(free.bytes >> 20) MiB of memory are free (\(free.source)); accepted are smaller "
        + "problems or fewer --kernels"
    case .notEnoughFiles(let limit, let needed):
      "this process may open \(limit) files (ulimit -n); it needs at least \(needed)"
    case .notEnoughStack(let limit, let needed):
      "this process may use \(limit >> 10) KiB of stack (ulimit -s); it needs at least "
        + "\(needed >> 10)"
    case .notEnoughTime(let limit, let needed):
      "this process may use \(limit) s of CPU time (ulimit -t); it needs at least \(needed)"
    }
  }
}
