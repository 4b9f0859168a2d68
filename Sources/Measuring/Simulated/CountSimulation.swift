// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
public import Counters
internal import Foundation

/// Has a build of this program simulated by Valgrind: counts without a PMU, and without noise.
public struct CountSimulation: Sendable {
  private let valgrind: ValgrindTool
  private let program: String
  private let words: [String]
  private let isSilent: Bool

  /// The verb of the child.
  public static let verb = "simulate"
  /// The option that says where its files go.
  public static let folderOption = "--into"

  /// A simulation by `valgrind` of the plan that `program` makes of `words`, options and operands
  /// as `run` takes them.
  public init(valgrind: ValgrindTool, program: String, words: [String], isSilent: Bool) {
    self.valgrind = valgrind
    self.program = program
    self.words = words
    self.isSilent = isSilent
  }

  /// Runs the child and reads its counts.
  /// - Throws: `SimulationError`.
  public func run() throws(SimulationError) -> SimulatedCounts {
    // As long as any other, for the words of a command lie on the simulated stack.
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let finished = try command(writingTo: folder).run()
      return try counts(in: folder, after: finished)
    } catch let error as SimulationError {
      throw error
    } catch let error as ChildError {
      throw .failed("\(error)")
    } catch {
      throw .failed(SystemReason.text(of: error))
    }
  }

  private func command(writingTo folder: URL) throws -> Command {
    let caches = SimulatedCaches.current()
    let words = valgrind.words(
      running: [
        try StrippedProgram(of: program).path, Self.verb, Self.folderOption,
        folder.path(percentEncoded: false),
      ] + self.words,
      writingTo: folder.appending(path: SimulatedCounts.dumpName).path(percentEncoded: false),
      instructionCache: caches.instruction, dataCache: caches.data,
      lastLevelCache: caches.lastLevel)
    var command = Command(words)
    command.environment = Self.environment
    if isSilent { command.error = .nothing }
    return command
  }

  /// What the child left; where it ended too early, the entries before that and the reason.
  private func counts(
    in folder: URL, after finished: Command.Finished
  ) throws(SimulationError) -> SimulatedCounts {
    let reason = finished.isSuccess ? nil : "the simulated program \(finished.fate)"
    do {
      var counts = try SimulatedCounts(readingFrom: folder)
      counts.earlyEnd = reason
      return counts
    } catch {
      throw .failed(reason ?? SystemReason.text(of: error))
    }
  }

  /// Little and always the same, for it lies on the simulated stack.
  ///
  /// Hashes are not seeded, so that what depends on their order repeats. The dynamic linker binds at the start: to look up a
  /// function between two iterations would throw lines of the tensors out of the caches.
  private static var environment: [String: String] {
    let inherited = ["PATH", "HOME", "LD_LIBRARY_PATH"]
    return ProcessInfo.processInfo.environment.filter { inherited.contains($0.key) }
      .merging(["SWIFT_DETERMINISTIC_HASHING": "1", "LD_BIND_NOW": "1"]) { $1 }
  }
}

/// Why a simulation has no counts.
public enum SimulationError: Error, Hashable, Sendable {
  /// The simulated program could not be started or did not end well.
  case failed(String)
}
