// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Children
internal import Foundation

/// Lines to and from a child process; nothing here waits past its deadline.
///
/// No thread reads in the background: it would share the CPUs that are being measured. Standard
/// error is emptied whenever an answer is awaited, so that a talkative library does not block.
final class LineChannel {
  /// What ended the wait for a line.
  enum Outcome {
    /// A line, without its newline.
    case line([UInt8])
    /// More bytes than a line may have, without a newline.
    case endless([UInt8])
    /// The process ended, or closed its standard output.
    case ended
    /// The deadline passed.
    case late
    /// Somebody asked to stop, and no answer came soon after.
    case interrupted
  }

  /// The longest line that is read.
  static let longestLine = 1 << 16
  /// How often it is looked whether the process ended while a grandchild holds its pipes open.
  static let glance = Duration.milliseconds(100)
  /// How long the answer that is awaited may take when somebody asks to stop: most are on their way.
  static let patience = Duration.milliseconds(700)

  private let process: ChildProcess
  private let interruption: Interruption
  private var pending: [UInt8] = []
  private var outputOpen = true
  private var errorOpen = true
  /// When the patience after an interruption ends; nil before one.
  private var interruptedUntil: ContinuousClock.Instant?
  /// What the process wrote to standard error.
  private(set) var errorText = PrintedText()

  /// A channel to `process`.
  init(_ process: ChildProcess, interruption: Interruption) {
    self.process = process
    self.interruption = interruption
  }

  /// Sends a line; false where the process no longer reads or the deadline passes.
  func send(_ line: [UInt8], until deadline: ContinuousClock.Instant) -> Bool {
    var rest = (line + [UInt8(ascii: "\n")])[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { bytes -> Int in
        bytes.baseAddress.map { cplatform_write(process.input, $0, bytes.count) } ?? 0
      }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if written == -Int(EAGAIN) {
        guard ContinuousClock.now < deadline, !interruption.isRequested else { return false }
        glance(input: true, until: deadline)
      } else if written != -Int(EINTR) {
        return false
      }
    }
    return true
  }

  /// The next line of standard output.
  func receive(until deadline: ContinuousClock.Instant) -> Outcome {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(pending[..<end])
        pending.removeFirst(end + 1)
        return .line(line)
      }
      if pending.count > Self.longestLine { return .endless(pending) }
      guard outputOpen else { return .ended }
      guard ContinuousClock.now < deadline else { return .late }
      if interruption.isRequested {
        let end = interruptedUntil ?? .now + Self.patience
        interruptedUntil = end
        if ContinuousClock.now >= end { return .interrupted }
      }
      // Asked before reading: what a process wrote before its end is in the pipe by then.
      let hasEnded = process.ending != nil
      let news = glance(input: false, until: hasEnded ? .now : deadline)
      if hasEnded, !news { return .ended }
    }
  }

  /// Reads what is left on standard error.
  func drain() {
    readError()
  }

  /// What is left of standard output without a newline.
  var unfinishedLine: [UInt8] { pending }

  /// Waits a moment until something can be read, or written where `input`.
  ///
  /// The caller looks at the time and at the process in between.
  /// - Returns: whether there was news.
  @discardableResult
  private func glance(input: Bool, until deadline: ContinuousClock.Instant) -> Bool {
    let ready = cplatform_await(
      outputOpen ? process.output : -1, errorOpen ? process.error : -1, input ? process.input : -1,
      -1,
      min(deadline - ContinuousClock.now, Self.glance).inMilliseconds)
    if ready & 1 != 0 { readOutput() }
    if ready & 2 != 0 { readError() }
    return ready != 0
  }

  private func readOutput() {
    outputOpen = Self.read(process.output) { pending.append(contentsOf: $0) }
  }

  private func readError() {
    guard errorOpen else { return }
    errorOpen = Self.read(process.error) { errorText.append($0) }
  }

  /// Reads once what is there; false where the other end is closed.
  private static func read(
    _ descriptor: Int32, into take: (UnsafeRawBufferPointer) -> Void
  ) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }
  }
}
