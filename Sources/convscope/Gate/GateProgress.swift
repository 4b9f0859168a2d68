// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Gating

/// Shows on standard error how far a gate is, on a terminal only: its lines would fill a log.
struct GateProgress {
  let isSilent: Bool

  func show(_ event: GateEvent) {
    if case .repeated(let text) = event { Console.error("note: \(text); run again") }
    guard !isSilent, isatty(STDERR_FILENO) == 1 else { return }
    switch event {
    case .round, .repeated: return
    case .session(let stage, let number, let count, let cases):
      let text = "\(stage.rawValue): processes \(number + 1) of \(count), \(cases) cases"
      let end = number + 1 == count ? "\r\u{1B}[K" : ""
      try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)\(end)".utf8))
    }
  }
}
