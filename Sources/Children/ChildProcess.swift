// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Foundation

/// A child process, the leader of a process group of its own, which ends with this process.
public final class ChildProcess {
  /// The process id, which is also that of its group.
  public let identifier: Int32
  /// Our end of its standard input; negative where that is no pipe.
  public let input: Int32
  /// Our end of its standard output; negative where that is no pipe.
  public let output: Int32
  /// Our end of its standard error; negative where that is no pipe.
  public let error: Int32
  /// Can be read once it has ended; negative where the kernel has no such thing.
  private let watch: Int32
  private let mark = Offspring.newMark()
  private var isReaped = false

  /// How long the kernel may take to end a killed process before we leave it behind.
  static let patienceAfterKill = Duration.seconds(2)

  /// Starts `command`.
  /// - Throws: `ChildError.notStarted`.
  public init(_ command: Command) throws(ChildError) {
    let streams = try Streams(command)
    var started: Int32 = 0
    let code = Self.spawn(command, streams, Offspring.word(mark), &started)
    streams.closeTheirs()
    guard code == 0 else {
      if started > 0 { ChildGuard.shared.forget(started) }
      streams.closeOurs()
      throw .notStarted(command.words, reason: String(cString: strerror(code)))
    }
    identifier = started
    (input, output, error) = (streams.input.ours, streams.output.ours, streams.error.ours)
    watch = cplatform_watch_process(started)
    for descriptor in [input, output, error] where descriptor >= 0 {
      _ = cplatform_never_block(descriptor)
    }
  }

  deinit { terminate(grace: .zero) }

  /// How the process ended, or nil while it runs.
  public var ending: Ending? {
    var value: Int32 = 0
    var signalled = false
    guard !isReaped, cplatform_has_ended(identifier, &value, &signalled) else { return nil }
    let number = Int(clamping: value)
    return signalled ? .killed(signal: number) : .exited(code: number)
  }

  /// Sends a signal to the whole group.
  public func signal(_ number: Int32) {
    if !isReaped { kill(-identifier, number) }
  }

  /// Waits for the process to end.
  public func wait(_ limit: Duration) {
    let deadline = ContinuousClock.now + limit
    while ending == nil, ContinuousClock.now < deadline {
      _ = news(from: [], until: deadline)
    }
  }

  /// Ends the whole group, gently for the time of `grace`, and leaves no zombie.
  public func terminate(grace: Duration) {
    guard !isReaped else { return }
    if ending == nil, grace > .zero {
      signal(SIGTERM)
      wait(grace)
    }
    // Also what the leader started and left behind, in its group (unreaped, its id still names that) or
    // out of it. While it stands still it starts nothing more.
    signal(SIGSTOP)
    Offspring.end(mark, of: identifier)
    signal(SIGKILL)
    wait(Self.patienceAfterKill)
    ChildGuard.shared.forget(identifier)
    _ = cplatform_reap(identifier)
    isReaped = true
    for descriptor in [input, output, error, watch] where descriptor >= 0 { close(descriptor) }
  }

  /// Waits until a pipe of `reading` has news, the process has ended, a signal came or the time is
  /// over.
  /// - Returns: those of `reading` that have news.
  func news(from reading: [Int32], until deadline: ContinuousClock.Instant) -> [Int32] {
    // Where nothing tells of the end, it is looked for.
    let longest = watch >= 0 ? Self.longestWait : Self.glance
    let left = min(max(.zero, deadline - ContinuousClock.now), longest)
    // Less than a second, rounded up.
    let milliseconds = Int32(
      clamping: (left.components.attoseconds + Self.millisecond - 1) / Self.millisecond)
    let first = reading.first ?? -1
    let second = reading.dropFirst().first ?? -1
    let ready = cplatform_await(first, second, -1, watch, milliseconds)
    return [(first, 1 as Int32), (second, 2)].filter { ready & $0.1 != 0 }.map(\.0)
  }

  /// A signal can arrive on another thread and wake nobody.
  private static let longestWait = Duration.milliseconds(200)
  /// In attoseconds.
  private static let millisecond: Int64 = 1_000_000_000_000_000
  private static let glance = Duration.milliseconds(10)

  private static func spawn(
    _ command: Command, _ streams: Streams, _ mark: String, _ identifier: inout Int32
  ) -> Int32 {
    let words = CWords(command.words)
    let environment = command.environment.map { CWords($0.map { "\($0)=\($1)" }.sorted()) }
    let folder = command.folder.map { strdup($0) } ?? nil
    let mark = strdup(mark)
    defer {
      free(folder)
      free(mark)
    }
    let cpus = command.cpus.map { Int32(clamping: $0) }
    return cpus.withUnsafeBufferPointer { cpus in
      var child = cplatform_child()
      child.arguments = UnsafePointer(words.pointers.baseAddress)
      child.environment = environment.map { UnsafePointer($0.pointers.baseAddress) } ?? nil
      (child.mark, child.folder) = (UnsafePointer(mark), UnsafePointer(folder))
      (child.cpus, child.cpu_count) = (cpus.baseAddress, Int32(clamping: cpus.count))
      child.input = streams.input.theirs
      child.output = streams.output.theirs
      child.error = streams.error.theirs
      child.registry = ChildGuard.shared.registry
      return withExtendedLifetime((words, environment)) { cplatform_spawn(&child, &identifier) }
    }
  }
}

/// Words as C takes them: a list of strings that ends with a null pointer.
private final class CWords {
  let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

  init(_ words: [String]) {
    pointers = .allocate(capacity: words.count + 1)
    _ = pointers.initialize(from: words.map { strdup($0) } + [nil])
  }

  deinit {
    for word in pointers { free(word) }
    pointers.deallocate()
  }
}
