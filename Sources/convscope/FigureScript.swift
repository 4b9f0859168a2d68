// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A figure that one of `plot-scripts` draws of a run.
struct FigureScript {
  /// The roofline of a run's folder.
  static let roofline = FigureScript(name: "roofline.py")

  private let name: String

  private var folder: URL { ProjectFolder.url.appending(path: "plot-scripts") }

  /// Checks that the script can run, before minutes are spent on what it should draw.
  /// - Throws: `FigureError.notSetUp`.
  func check() throws(FigureError) {
    let python = folder.appending(path: ".venv/bin/python3").path(percentEncoded: false)
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw .notSetUp(folder.appending(path: "setup").path(percentEncoded: false))
    }
  }

  /// Draws the figure of the run in `run`, beside its files; the script says where on standard
  /// error, for standard output belongs to the tables.
  /// - Throws: `FigureError.failed`.
  func draw(_ run: URL) throws(FigureError) {
    let process = Process()
    process.executableURL = folder.appending(path: name)
    process.arguments = [run.path(percentEncoded: false)]
    process.standardOutput = FileHandle.standardError
    do {
      try process.run()
    } catch {
      throw .failed(name, error.localizedDescription)
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw .failed(name, "it ended with \(process.terminationStatus)")
    }
  }
}
