// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Reporting
internal import Synchronization

/// The two streams: tables and data, or progress and prose.
enum Console {
  /// What the system said when standard output took no more; 0 while it does.
  private static let failure = Atomic<Int32>(0)

  /// Writes a line to standard output; on a terminal as many as it takes.
  static func out(_ line: String) {
    out(text: shown(line, width: isatty(STDOUT_FILENO) == 1 ? ConsoleWidth.current : nil))
  }

  /// Where `width` says so, prose is wrapped at words; tables are as wide already as they may be.
  private static func shown(_ line: String, width: Int?) -> String {
    let line = ShownText.line(line)
    guard let width, line.count > width else { return line + "\n" }
    let indent = String(line.prefix { $0 == " " })
    return TextLines.wrapped(line, width: width, first: indent, rest: indent + "  ")
      .map { $0 + "\n" }.joined()
  }

  /// Writes a text of several lines to standard output.
  static func out(lines: String) { out(text: ShownText.lines(lines) + "\n") }

  /// Writes a text for other programs to standard output as it is.
  static func out(text: String) {
    guard failure.load(ordering: .relaxed) == 0 else { return }
    let code = write(text, to: STDOUT_FILENO)
    if code != 0 { failure.store(code, ordering: .relaxed) }
  }

  /// Writes a line to standard error, on a terminal as many as it takes; where that cannot be done,
  /// nobody could be told.
  static func error(_ line: String) {
    let width = isatty(STDERR_FILENO) == 1 ? ConsoleWidth.ofErrors : nil
    _ = write(shown(line, width: width), to: STDERR_FILENO)
  }

  /// The code of a command that would end with `code`: what should have been printed and was not is
  /// a failure, unless the reader did not want more of it (`| head`).
  static func finish(_ code: ExitCode) -> ExitCode {
    let reason = failure.load(ordering: .relaxed)
    guard reason != 0, reason != EPIPE else { return code }
    error("convscope: cannot write to standard output: \(String(cString: strerror(reason)))")
    return code == .success ? .failure : code
  }

  /// Writes all of `text`; 0, or what the system says.
  private static func write(_ text: String, to stream: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(stream, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var wait = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
