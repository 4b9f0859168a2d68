// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation

/// Requests and answers over a child process, with deadlines; ends the process when it misbehaves.
final class ContenderConnection {
  /// Lines between two answers that may come from a library that prints on its own.
  static let strayLinesAllowed = 1000

  /// Why the process is gone; nil while it lives.
  private(set) var failure: ExternalError?
  /// The process, which is also its process group.
  var processIdentifier: Int32 { process.identifier }
  private let process: ChildProcess
  private let channel: LineChannel
  private let timeouts: ContenderTimeouts
  private let interruption: Interruption
  private var strayText = PrintedText()
  private var lastId = 0

  /// Starts the process.
  init(
    _ command: [String], cpus: [Int], timeouts: ContenderTimeouts, interruption: Interruption
  ) throws(ExternalError) {
    var child = Command(command)
    child.cpus = cpus
    (child.input, child.output, child.error) = (.pipe, .pipe, .pipe)
    do {
      process = try ChildProcess(child)
    } catch {
      throw .notStarted(command: command, reason: error.reason)
    }
    channel = LineChannel(process, interruption: interruption)
    self.interruption = interruption
    self.timeouts = timeouts
  }

  /// A request with a fresh number.
  func request(_ action: Action, _ handle: ExternalContender.Handle? = nil) -> Request {
    lastId += 1
    return Request(id: lastId, action, handle: handle?.number)
  }

  /// Sends `request` and waits for its answer.
  func ask(_ request: Request) throws(ExternalError) -> Reply {
    if let failure { throw failure }
    let deadline = ContinuousClock.now + timeouts.limit(request.action)
    guard let line = try? JSONEncoder().encode(request) else { throw .closed }
    if !channel.send(Array(line), until: deadline) {
      if interruption.isRequested { throw fail(.interrupted(request.action)) }
      throw fail(
        ContinuousClock.now < deadline
          ? deaf(request.action, to: "input") : timeOut(request.action))
    }
    let reply = try answer(to: request, until: deadline)
    if let message = reply.error { throw .refused(request.action, message: message) }
    return reply
  }

  /// Ends the process because of `error`, which every later call throws; returns it.
  func fail(_ error: ExternalError) -> ExternalError {
    if failure == nil { failure = error }
    process.terminate(grace: timeouts.grace)
    return error
  }

  /// Says goodbye where the process still listens, and ends it.
  func close() {
    if failure == nil, !interruption.isRequested {
      let deadline = ContinuousClock.now + timeouts.release
      if let line = try? JSONEncoder().encode(request(.quit)),
        channel.send(Array(line), until: deadline)
      {
        waitForGoodbye(until: deadline)
      }
    }
    _ = fail(.closed)
  }
}

extension ContenderConnection {
  private func answer(
    to request: Request, until deadline: ContinuousClock.Instant
  ) throws(ExternalError) -> Reply {
    for _ in 0...Self.strayLinesAllowed {
      let line = try line(request.action, until: deadline)
      switch AnswerLine(line) {
      case .reply(let reply):
        try check(reply, answers: request, line)
        return reply
      case .stray: strayText.append(line + [UInt8(ascii: "\n")])
      case .garbage(let problem):
        throw fail(
          .malformedAnswer(request.action, quote: PrintedText.quote(line), problem: problem))
      }
    }
    throw fail(
      .malformedAnswer(
        request.action, quote: strayText.evidence,
        problem: "more than \(Self.strayLinesAllowed) lines without the key ‘convscope’"))
  }

  private func line(
    _ action: Action, until deadline: ContinuousClock.Instant
  ) throws(ExternalError) -> [UInt8] {
    switch channel.receive(until: deadline) {
    case .line(let line): return line
    case .late: throw fail(timeOut(action))
    case .interrupted: throw fail(.interrupted(action))
    case .endless(let bytes):
      throw fail(
        .malformedAnswer(
          action, quote: PrintedText.quote(bytes),
          problem: "more than \(LineChannel.longestLine) bytes without a newline"))
    case .ended:
      throw fail(deaf(action, to: "output"))
    }
  }

  private func check(
    _ reply: Reply, answers request: Request, _ line: [UInt8]
  ) throws(ExternalError) {
    guard reply.convscope == Request.version else {
      throw fail(.protocolVersion(answered: reply.convscope, accepted: Request.version))
    }
    guard reply.id == request.id else {
      throw fail(
        .malformedAnswer(
          request.action, quote: PrintedText.quote(line),
          problem: "the id must be \(request.id)"))
    }
  }

  /// What the process printed last, on either stream.
  private var evidence: String {
    channel.drain()
    strayText.append(channel.unfinishedLine)
    return [channel.errorText.evidence, strayText.evidence].filter { !$0.isEmpty }
      .joined(separator: " / ")
  }

  private func timeOut(_ action: Action) -> ExternalError {
    .timedOut(action, after: timeouts.limit(action), evidence: evidence)
  }

  /// A pipe is closed: mostly the process has ended, of which the kernel tells a moment later.
  private func deaf(_ action: Action, to stream: String) -> ExternalError {
    process.wait(timeouts.grace)
    return switch process.ending {
    case nil:
      .malformedAnswer(action, quote: evidence, problem: "it closed its standard \(stream)")
    case .exited(let code): .exited(action, code: code, evidence: evidence)
    case .killed(let signal): .killed(action, signal: signal, evidence: evidence)
    }
  }

  /// Reads until the process ends, so that its last words do not block it.
  private func waitForGoodbye(until deadline: ContinuousClock.Instant) {
    while process.ending == nil {
      guard case .line = channel.receive(until: deadline) else { break }
    }
    process.wait(deadline - ContinuousClock.now)
  }
}
