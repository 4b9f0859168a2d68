// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Foundation
internal import Measuring

/// Starts a fresh process of this program for one group of a run: `measure-group`.
struct GroupProcess {
  let interruption: Interruption

  /// What the process found; nil where it gave no answer.
  func run(_ task: GroupTask) -> [CasePart]? {
    let folder = FileManager.default.temporaryDirectory
    let files = [folder, folder].map { $0.appending(path: UUID().uuidString) }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let command = Command(
      [BuildGate.ownProgram, MeasureGroupVerb.name]
        + files.map { $0.path(percentEncoded: false) })
    do {
      try WholeFile.write(try task.encoded(), to: files[0])
      // What it has measured until it is told to stop counts.
      let finished = try command.run(until: interruption)
      if let data = try? Data(contentsOf: files[1]),
        let parts = try? JSONDecoder().decode([CasePart].self, from: data)
      {
        return parts
      }
      if !interruption.isRequested {
        Console.error("note: a fresh process left no result: it \(finished.fate)")
      }
    } catch {
      Console.error("note: a fresh process was not started: \(Failure(error).text)")
    }
    return nil
  }
}
