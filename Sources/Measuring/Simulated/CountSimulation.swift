// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
public import Convolution
public import Counters
public import Foundation
public import Planning

/// Has a build of this program simulated by Valgrind: counts without a PMU, and without noise.
public struct CountSimulation: Sendable {
  private let valgrind: ValgrindTool
  private let program: String
  private let request: Request
  private let isSilent: Bool

  /// The verb of the child.
  public static let verb = "simulate"
  /// The option that says where its files go.
  public static let folderOption = "--into"

  /// The option that says that the plan lies there, too.
  public static let planOption = "--planned"
  /// The file with the plan.
  private static let planName = "plan.json"

  /// What is simulated.
  public enum Request: Sendable {
    /// The plan that the child makes of options and operands as `run` takes them: another build
    /// plans for itself.
    case words([String])
    /// A plan of this build.
    case task(SimulationTask)
  }

  /// A simulation by `valgrind` of what `program` does with `request`.
  public init(valgrind: ValgrindTool, program: String, _ request: Request, isSilent: Bool) {
    self.valgrind = valgrind
    self.program = program
    self.request = request
    self.isSilent = isSilent
  }

  /// The task that a parent left in `folder`.
  /// - Throws: where there is none, or none of this build.
  public static func task(
    in folder: URL, build: (_ instructionSets: [InstructionSet]) -> Implementations
  ) throws -> SimulationTask {
    try SimulationTask(
      try Data(contentsOf: folder.appending(path: planName)), build: build)
  }

  /// Runs the child and reads its counts.
  /// - Throws: `SimulationError`.
  public func run() throws(SimulationError) -> SimulatedCounts {
    switch request {
    case .words(let words): return try simulate(words)
    case .task(let given):
      let (task, refused) = given.sorted()
      var counts = SimulatedCounts(entries: [])
      if !task.entries.isEmpty { counts = try simulate([Self.planOption], task) }
      counts.entries += refused.map { SimulatedCounts.Entry(row: $0, counts: [:]) }
      return counts
    }
  }

  private func simulate(
    _ words: [String], _ task: SimulationTask? = nil
  ) throws(SimulationError) -> SimulatedCounts {
    // As long as any other, for the words of a command lie on the simulated stack.
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      if let task {
        try WholeFile.write(try task.encoded(), to: folder.appending(path: Self.planName))
      }
      let finished = try command(words, writingTo: folder).run()
      return try counts(in: folder, after: finished)
    } catch let error as SimulationError {
      throw error
    } catch let error as ChildError {
      throw .failed("\(error)")
    } catch {
      throw .failed(SystemReason.text(of: error))
    }
  }

  private func command(_ own: [String], writingTo folder: URL) throws -> Command {
    let caches = SimulatedCaches.current()
    let words = valgrind.words(
      running: [
        try StrippedProgram(of: program).path, Self.verb, Self.folderOption,
        folder.path(percentEncoded: false),
      ] + own,
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
