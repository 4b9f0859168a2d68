// SPDX-License-Identifier: Apache-2.0

internal import Foundation

extension Command {
  /// What a command left when it ended.
  public struct Finished: Hashable, Sendable {
    /// How it ended; nil where it did not even when it was killed.
    public var ending: Ending?
    /// What it wrote to standard output, where that was a pipe.
    public var output: [UInt8] = []
    /// What it wrote to standard error, where that was a pipe.
    public var errors: [UInt8] = []
    /// Whether it was ended because of the interruption.
    public var wasStopped = false

    /// Whether it ran to its end and says that all went well.
    public var isSuccess: Bool { !wasStopped && ending?.isSuccess == true }

    /// How it ended, behind “it”.
    public var fate: String {
      wasStopped ? "was stopped" : ending.map { "ended \($0)" } ?? "could not be ended"
    }
  }

  /// Between passing a signal on and ending the group for good.
  ///
  /// This process has two seconds to end itself, and something to put in order behind the group.
  public static let grace = Duration.milliseconds(1000)

  /// Runs the command to its end, or until `interruption` asks to stop.
  ///
  /// Both pipes are emptied as they fill, so neither side waits for the other. What the command
  /// started and left behind in its group is ended.
  /// - Throws: `ChildError.notStarted`.
  public func run(until interruption: Interruption = .bySignal) throws(ChildError) -> Finished {
    let process = try ChildProcess(self)
    var pipes = Pipes(process)
    var deadline: ContinuousClock.Instant?
    while process.ending == nil {
      if interruption.isRequested, deadline == nil {
        deadline = .now + Self.grace
        process.signal(interruption.signal)
      }
      if let deadline, ContinuousClock.now > deadline { break }
      pipes.read(process.news(from: pipes.open, until: deadline ?? .now + .seconds(1)))
    }
    let ending = process.ending
    process.signal(SIGKILL)
    pipes.drain(process)
    process.terminate(grace: .zero)
    return Finished(
      ending: ending, output: pipes.output, errors: pipes.errors, wasStopped: deadline != nil)
  }
}

/// The two pipes of a process that is run to its end, and what came out of them.
private struct Pipes {
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private(set) var open: [Int32]
  private let outputPipe: Int32

  init(_ process: ChildProcess) {
    outputPipe = process.output
    open = [process.output, process.error].filter { $0 >= 0 }
  }

  /// Reads once from each of `ready`.
  mutating func read(_ ready: [Int32]) {
    for pipe in ready where !read(pipe) { open.removeAll { $0 == pipe } }
  }

  /// What is left when everybody who could write is gone: no more than pipes hold, should somebody
  /// have left the group.
  mutating func drain(_ process: ChildProcess) {
    for _ in 0..<Self.mostLeft where !open.isEmpty {
      let ready = process.news(from: open, until: .now)
      if ready.isEmpty { return }
      read(ready)
    }
  }

  private static let chunk = 1 << 16
  /// A pipe holds a megabyte at most (pipe(7)).
  private static let mostLeft = 2 * (1 << 20) / chunk

  private mutating func read(_ pipe: Int32) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) { buffer in
      let count = Foundation.read(pipe, buffer.baseAddress, buffer.count)
      guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
      if pipe == outputPipe {
        output.append(contentsOf: buffer[..<count])
      } else {
        errors.append(contentsOf: buffer[..<count])
      }
      return true
    }
  }
}
