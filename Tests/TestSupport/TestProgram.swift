// SPDX-License-Identifier: Apache-2.0

internal import Children
public import Foundation
internal import Synchronization

/// A program at work, as a rule the one that was built with these tests: it can be watched, sent
/// signals, and waited for.
///
/// It leads a process group of its own and ends with the tests, however these end. What *it* leaves
/// behind is not ended before: whether it ends that is what some tests are about.
public final class TestProgram {
  /// How it ended, and what it printed.
  public struct End: Sendable {
    /// The exit code; minus the signal where one ended it.
    public let code: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String

    /// The exit code; nil where a signal ended it.
    public var exitCode: Int32? { code < 0 ? nil : code }
  }

  /// The program that was built with these tests, beside them.
  public static let url = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("convscope")

  /// What the process and its group are known by.
  public var identifier: Int32 { process.identifier }
  private let process: ChildProcess
  private let files: [URL]

  /// Starts a program.
  /// - Parameters:
  ///   - words: Its arguments.
  ///   - folder: Where what it prints is kept.
  ///   - program: The words that it is, in place of the program that was built with these tests.
  ///   - here: The folder that it runs in; nil for ours.
  ///   - input: What it reads on standard input.
  ///   - variables: What is changed in our environment.
  ///   - shell: A line that becomes the program, which is its "$@".
  /// - Throws: where a file cannot be written, or no process started.
  public init(
    _ words: [String], in folder: URL, program: [String]? = nil, here: URL? = nil,
    input: String = "", variables: [String: String] = [:], shell: String = "exec \"$@\""
  ) throws {
    files = ["in", "out", "err"].map { folder.appending(path: "\(UUID()).\($0)") }
    try Data(input.utf8).write(to: files[0])
    // Files and not pipes: neither side can wait for the other.
    let opened = "exec <\"$1\" >\"$2\" 2>\"$3\"; shift 3; \(shell)"
    var command = Command(
      ["/bin/sh", "-c", opened, "sh"] + files.map { $0.path(percentEncoded: false) }
        + (program ?? [Self.url.path(percentEncoded: false)]) + words)
    command.folder = here?.path(percentEncoded: false)
    command.environment = ProcessInfo.processInfo.environment
      .merging(["GITHUB_STEP_SUMMARY": ""]) { $1 }.merging(variables) { $1 }
    process = try ChildProcess(command)
    // For ever: the last one who lets go of it ends all that it has started.
    let kept = unsafe UInt(bitPattern: Unmanaged.passRetained(process).toOpaque())
    Self.kept.withLock { $0.append(kept) }
  }

  /// Where the processes of all tests are, for whoever looks for what nobody refers to.
  private static let kept = Mutex<[UInt]>([])

  /// Whether it has not ended.
  public var isRunning: Bool { process.ending == nil }

  /// What it has printed to standard output so far.
  public var output: String { text(files[1]) }

  /// What it has printed to standard error so far.
  public var errors: String { text(files[2]) }

  private func text(_ file: URL) -> String {
    String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
  }

  /// Waits until something can be seen; false where the program ended before.
  @discardableResult
  public func wait(until isSeen: () -> Bool) -> Bool {
    while !isSeen() {
      guard isRunning else { return isSeen() }
      // Long enough that looking, at all processes perhaps, takes no time from what is waited for.
      usleep(10_000)
    }
    return true
  }

  /// Sends a signal to the process, not to its group.
  public func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for its end.
  public func end() -> End {
    while isRunning { process.wait(.seconds(1)) }
    let code: Int32
    switch process.ending {
    case .exited(let value)?: code = Int32(clamping: value)
    case .killed(let signal)?: code = -Int32(clamping: signal)
    case nil: code = .min
    }
    return End(code: code, output: output, errors: errors)
  }

  /// Runs a program to its end, and ends what it left behind.
  /// - Throws: where it cannot be started.
  public static func run(
    _ words: [String], in folder: URL, program: [String]? = nil, here: URL? = nil,
    input: String = "", variables: [String: String] = [:], shell: String = "exec \"$@\""
  ) throws -> End {
    let run = try TestProgram(
      words, in: folder, program: program, here: here, input: input, variables: variables,
      shell: shell)
    let end = run.end()
    run.process.terminate(grace: .zero)
    for file in run.files { try? FileManager.default.removeItem(at: file) }
    return end
  }
}
