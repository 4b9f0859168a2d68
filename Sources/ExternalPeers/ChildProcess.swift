// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Foundation

/// A pinned child process with pipes, the leader of a process group of its own.
final class ChildProcess {
  /// How a process ended.
  enum Ending {
    case exited(code: Int)
    case killed(signal: Int)
  }

  /// The process id, which is also that of its group.
  let identifier: Int32
  /// Our end of its standard input.
  let input: Int32
  /// Our end of its standard output.
  let output: Int32
  /// Our end of its standard error.
  let error: Int32
  private var isReaped = false

  /// How long the kernel may take to end a killed process before we leave it behind.
  static let patienceAfterKill = Duration.seconds(2)

  /// Starts `command`, searched along PATH, restricted to `cpus` (to ours where empty).
  init(_ command: [String], cpus: [Int]) throws(ExternalError) {
    func failed(_ code: Int32) -> ExternalError {
      .notStarted(command: command, reason: String(cString: strerror(code)))
    }
    guard !command.isEmpty else { throw .notStarted(command: [], reason: "the command is empty") }
    var pipes: [(read: Int32, write: Int32)] = []
    for _ in 0..<3 {
      var pipe: (read: Int32, write: Int32) = (-1, -1)
      let code = cplatform_pipe(&pipe.read, &pipe.write)
      guard code == 0 else {
        for pipe in pipes { Self.close(pipe.read, pipe.write) }
        throw failed(code)
      }
      pipes.append(pipe)
    }
    (input, output, error) = (pipes[0].write, pipes[1].read, pipes[2].read)
    let theirs = (pipes[0].read, pipes[1].write, pipes[2].write)
    var started: Int32 = 0
    let code = Self.spawn(command, cpus: cpus, theirs, &started)
    identifier = started
    Self.close(theirs.0, theirs.1, theirs.2)
    guard code == 0 else {
      isReaped = true
      Self.close(input, output, error)
      throw failed(code)
    }
    for descriptor in [input, output, error] { _ = cplatform_never_block(descriptor) }
  }

  /// How the process ended, or nil while it runs.
  var ending: Ending? {
    var value: Int32 = 0
    var signalled = false
    guard !isReaped, cplatform_has_ended(identifier, &value, &signalled) else { return nil }
    return signalled ? .killed(signal: Int(value)) : .exited(code: Int(value))
  }

  /// Waits for the process to end.
  func wait(_ limit: Duration) {
    let deadline = ContinuousClock.now + limit
    while ending == nil, ContinuousClock.now < deadline { usleep(2000) }
  }

  /// Ends the whole group, gently for the time of `grace`, and leaves no zombie.
  func terminate(grace: Duration) {
    guard !isReaped else { return }
    if ending == nil {
      kill(-identifier, SIGTERM)
      wait(grace)
    }
    // Also what the leader started and left behind; unreaped, its id still names the group.
    kill(-identifier, SIGKILL)
    wait(Self.patienceAfterKill)
    _ = cplatform_reap(identifier)
    isReaped = true
    Self.close(input, output, error)
  }

  deinit { terminate(grace: .zero) }

  private static func close(_ descriptors: Int32...) {
    for descriptor in descriptors { _ = Foundation.close(descriptor) }
  }

  private static func spawn(
    _ command: [String], cpus: [Int], _ theirs: (Int32, Int32, Int32), _ identifier: inout Int32
  ) -> Int32 {
    var arguments = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    let cpus = cpus.map { Int32(clamping: $0) }
    return cplatform_spawn(
      arguments, cpus, Int32(cpus.count), theirs.0, theirs.1, theirs.2, &identifier)
  }
}
