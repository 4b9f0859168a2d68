// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Valgrind as it is installed here, and how it is called.
public struct ValgrindTool: Sendable {
  /// A cache of the simulated machine.
  public struct Cache: Hashable, Sendable {
    /// Size in bytes.
    public var bytes: Int
    /// Lines that compete for the same addresses.
    public var ways: Int
    /// Bytes of a line.
    public var lineBytes: Int

    /// A cache.
    public init(bytes: Int, ways: Int, lineBytes: Int) {
      self.bytes = bytes
      self.ways = ways
      self.lineBytes = lineBytes
    }

    /// As callgrind takes it: the number of sets must be a power of two, so a cache of another
    /// number is simulated as the next smaller one.
    var argument: String {
      let sets = max(1, bytes / (ways * lineBytes))
      let simulated = 1 << (Int.bitWidth - 1 - sets.leadingZeroBitCount)
      return "\(simulated * ways * lineBytes),\(ways),\(lineBytes)"
    }
  }

  /// The program.
  public let path: String

  /// Valgrind, searched along `PATH`; nil where it is not installed.
  public init?(searching path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin") {
    let found = path.split(separator: ":").map { "\($0)/valgrind" }
      .first(where: FileManager.default.isExecutableFile(atPath:))
    guard let found else { return nil }
    self.path = found
  }

  /// Why there are no counts where it is missing, and what to do.
  public static let absence =
    "Valgrind is not installed; `./convscope --with valgrind …` installs it"

  /// Why code for AVX-512 has none.
  public static let noAVX512 = "Valgrind 3.19 does not know AVX-512; choose --isa avx2"

  /// The words that run `command` under callgrind with these caches, writing to `file`: the first
  /// dump to `file.1`, the next to `file.2`.
  ///
  /// Nothing is simulated or counted until the program asks for it.
  public func words(
    running command: [String], writingTo file: String, instructionCache: Cache, dataCache: Cache,
    lastLevelCache: Cache
  ) -> [String] {
    [
      // Without the option files of the user's and the current folder, which may name programs.
      path, "--command-line-only=yes", "--tool=callgrind", "--quiet",
      "--callgrind-out-file=\(file)", "--instr-atstart=no",
      "--collect-atstart=no", "--cache-sim=yes", "--branch-sim=yes", "--dump-line=no",
      "--I1=\(instructionCache.argument)", "--D1=\(dataCache.argument)",
      "--LL=\(lastLevelCache.argument)",
    ] + command
  }
}
