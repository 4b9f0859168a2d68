// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation

/// One of `plot-scripts`, which draws figures or writes pages of stored runs.
struct PlotScript {
  /// The roofline of a run's folder.
  static let roofline = PlotScript(name: "roofline.py")
  /// The page of a run, or of what changed between two.
  static let report = PlotScript(name: "report.py")

  /// Makes the scripts' environment where it is missing, before minutes are spent on what they
  /// should show.
  /// - Throws: `PlotError.notSetUp` and `.noPython`.
  static func prepare() throws(PlotError) {
    let environment = PlotScript(name: "environment.py")
    do {
      try environment.run([])
    } catch .noPython(let reason) {
      throw .noPython(reason)
    } catch {
      throw .notSetUp("\(error)")
    }
  }

  private let name: String

  private var path: String {
    ProjectFolder.url.appending(path: "plot-scripts/\(name)").path(percentEncoded: false)
  }

  /// Runs the script with `words`; what it says goes to standard error, for standard output belongs
  /// to the tables.
  /// - Throws: `PlotError.failed`, `.invalidInput` and `.noPython`.
  func run(_ words: [String]) throws(PlotError) {
    var script = Command(["python3", path] + words)
    script.output = .standardError
    let finished: Command.Finished
    do {
      finished = try script.run()
    } catch {
      throw .noPython("\(error)")
    }
    guard finished.ending != .exited(code: Int(clamping: ExitCode.invalidInput.rawValue)) else {
      throw .invalidInput(name)
    }
    guard finished.isSuccess else { throw .failed(name, "it \(finished.fate)") }
  }
}
