// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Foundation

/// The descriptors behind a child's standard streams.
struct Streams {
  /// Both ends of a stream; ours is negative where it is no pipe.
  struct Ends {
    var ours: Int32 = -1
    var theirs: Int32 = -1
    /// Whether the child's end was opened for it.
    var isNew = false
  }

  private(set) var input = Ends()
  private(set) var output = Ends()
  private(set) var error = Ends()

  /// Opens what `command` asks for.
  init(_ command: Command) throws(ChildError) {
    guard !command.words.isEmpty else { throw .notStarted([], reason: "the command is empty") }
    do throws(Refusal) {
      input = try Self.open(command.input, isInput: true)
      output = try Self.open(command.output, isInput: false)
      error = try Self.open(command.error, isInput: false)
    } catch {
      closeTheirs()
      closeOurs()
      throw .notStarted(command.words, reason: String(cString: strerror(error.code)))
    }
  }

  /// Closes what the child has got.
  func closeTheirs() {
    for ends in [input, output, error] where ends.isNew { close(ends.theirs) }
  }

  /// Closes our ends of the pipes.
  func closeOurs() {
    for ends in [input, output, error] where ends.ours >= 0 { close(ends.ours) }
  }

  private struct Refusal: Error { var code: Int32 }

  private static func open(_ stream: Command.Stream, isInput: Bool) throws(Refusal) -> Ends {
    switch stream {
    case .standardOutput: return Ends(theirs: STDOUT_FILENO)
    case .standardError: return Ends(theirs: STDERR_FILENO)
    case .nothing:
      let descriptor = Foundation.open("/dev/null", O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { throw Refusal(code: errno) }
      return Ends(theirs: descriptor, isNew: true)
    case .pipe:
      var (read, write): (Int32, Int32) = (-1, -1)
      let code = cplatform_pipe(&read, &write)
      guard code == 0 else { throw Refusal(code: code) }
      return Ends(
        ours: isInput ? write : read, theirs: isInput ? read : write, isNew: true)
    }
  }
}
