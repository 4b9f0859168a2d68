// SPDX-License-Identifier: Apache-2.0

/// How long a contender may take to answer, per kind of request.
public struct ContenderTimeouts: Hashable, Sendable {
  /// Until the answer to `hello`: starting an interpreter and loading a library.
  public var hello: Duration
  /// Until the answer to `prepare`: building a model, packing weights.
  public var prepare: Duration
  /// Until the answer to `output`: one iteration and a file.
  public var output: Duration
  /// Until the answer to `run`: as many iterations as were asked for.
  public var run: Duration
  /// Until the answer to `release`, and until the process ends after `quit`.
  public var release: Duration
  /// Between asking a process group to end (SIGTERM) and ending it (SIGKILL).
  public var grace: Duration

  /// Time-outs; the defaults are far above what a healthy contender needs on a busy machine.
  public init(
    hello: Duration = .seconds(60), prepare: Duration = .seconds(60),
    output: Duration = .seconds(60), run: Duration = .seconds(60), release: Duration = .seconds(5),
    grace: Duration = .milliseconds(500)
  ) {
    self.hello = hello
    self.prepare = prepare
    self.output = output
    self.run = run
    self.release = release
    self.grace = grace
  }

  /// The time for an answer to `action`.
  func limit(_ action: Action) -> Duration {
    switch action {
    case .hello: hello
    case .prepare: prepare
    case .output: output
    case .run: run
    case .release, .quit: release
    }
  }
}
