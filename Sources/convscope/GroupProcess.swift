// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import Measuring

/// Starts a fresh process of this program for one group of a run: `measure-group`.
struct GroupProcess {
  /// Words that make the same plan and measure as finely.
  let words: [String]
  let interruption: Interruption

  /// How often it is asked whether to stop: seldom, so that asking disturbs nothing.
  private static let patience = 200

  /// What the process found; nil where it gave no answer.
  func run(_ task: ProcessSpread.Task) -> [CasePart]? {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: BuildGate.ownProgram)
    process.arguments =
      [MeasureGroupVerb.name] + MeasureGroupVerb.words(task, into: file) + words
    process.standardOutput = FileHandle.nullDevice
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    guard (try? process.run()) != nil else { return nil }
    // The process is in a group of its own, so a Ctrl-C does not reach it; what it has measured until
    // it is told counts.
    var isTold = false
    while end.wait(timeout: .now() + .milliseconds(Self.patience)) == .timedOut {
      guard interruption.isRequested, !isTold else { continue }
      process.terminate()
      isTold = true
    }
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode([CasePart].self, from: data)
  }
}
