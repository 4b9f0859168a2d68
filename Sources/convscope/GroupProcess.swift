// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation
internal import Measuring

/// Starts a fresh process of this program for one group of a run: `measure-group`.
struct GroupProcess {
  /// Words that make the same plan and measure as finely.
  let words: [String]
  let interruption: Interruption

  /// What the process found; nil where it gave no answer.
  func run(_ task: ProcessSpread.Task) -> [CasePart]? {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let command = Command(
      [BuildGate.ownProgram, MeasureGroupVerb.name] + MeasureGroupVerb.words(task, into: file)
        + words)
    // What it has measured until it is told to stop counts.
    guard (try? command.run(until: interruption)) != nil else { return nil }
    guard let data = try? Data(contentsOf: file) else { return nil }
    return try? JSONDecoder().decode([CasePart].self, from: data)
  }
}
