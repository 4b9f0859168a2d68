// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Says how far something is on standard error: one line that is rewritten on a terminal, a line now and
/// then elsewhere.
final class ProgressLine {
  private let isSilent: Bool
  private let isTerminal = ConsoleWidth.rewrites(STDERR_FILENO)
  private var last: ContinuousClock.Instant?

  /// Seconds between lines of a file.
  private static let interval = Duration.seconds(30)

  init(isSilent: Bool) { self.isSilent = isSilent }

  /// Shows a text and the time left.
  func show(_ text: String, left: Duration) {
    guard !isSilent else { return }
    let seconds = max(0, left.components.seconds)
    let tail = " · \(seconds / 60) min \(seconds % 60) s left"
    if isTerminal {
      return write("\r\u{1B}[K" + Progress.line("", text, tail, ConsoleWidth.ofErrors))
    }
    if let last, ContinuousClock.now - last < Self.interval { return }
    last = ContinuousClock.now
    Console.error(text + tail)
  }

  /// Removes the line.
  func clear() {
    if !isSilent, isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
