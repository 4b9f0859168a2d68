// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Children
internal import Foundation

/// Compares object files without what the processor never sees.
///
/// Object files and not the linked programs: in them a call or a constant is a name and not an
/// address, so a change in one place does not show everywhere behind it.
struct ObjectCode {
  private let tool: String
  private let folder: URL

  /// What can remove sections, in the order of preference.
  static let tools = ["objcopy", "llvm-objcopy"]
  /// Sections that say how and from what an object was compiled.
  private static let descriptive = [".comment", ".swift_modhash", ".swift1_autolink_entries"]

  /// Looks for a tool; `folder` takes its output.
  /// - Throws: `CodeComparisonError.noTool`.
  init(folder: URL) throws(CodeComparisonError) {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = Self.tools.lazy.flatMap { tool in paths.map { "\($0)/\(tool)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { throw .noTool(accepted: Self.tools) }
    tool = found
    self.folder = folder
  }

  /// Whether both files have the same code, constants, names and relocations.
  /// - Throws: `CodeComparisonError.toolFailed`.
  func isSame(_ first: URL, _ second: URL) throws(CodeComparisonError) -> Bool {
    let paths = [first, second].map { $0.path(percentEncoded: false) }
    if FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]) { return true }
    return try bare(first, as: "first") == bare(second, as: "second")
  }

  private func bare(_ object: URL, as name: String) throws(CodeComparisonError) -> Data {
    let output = folder.appending(path: name)
    let path = object.path(percentEncoded: false)
    var command = Command(
      [tool, "--strip-debug"] + Self.descriptive.flatMap { ["--remove-section", $0] }
        + [path, output.path(percentEncoded: false)])
    command.error = .nothing
    do {
      let finished = try command.run()
      guard finished.isSuccess else {
        throw CodeComparisonError.toolFailed(object: path, reason: "\(tool) \(finished.fate)")
      }
      return try Data(contentsOf: output)
    } catch let error as CodeComparisonError {
      throw error
    } catch let error as ChildError {
      throw .toolFailed(object: path, reason: error.reason)
    } catch {
      throw .toolFailed(object: path, reason: SystemReason.text(of: error))
    }
  }
}
