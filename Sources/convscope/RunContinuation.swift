// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring
internal import Reporting
internal import Suites

/// An earlier run that `--resume` continues: where it lies, and the command that began it.
struct RunContinuation {
  /// Its folder, which nobody else writes meanwhile.
  let folder: OutputFolder
  /// What its `run.json` says.
  let record: RunRecord

  /// What may stand beside `--resume`; everything else is as the run was begun.
  static let accepted = ["--resume", "--budget", "--no-progress", ExecPermission.option.name]

  /// The run that the arguments continue; nil where they begin one.
  /// - Throws: `UsageError` for what contradicts it, `ReportingError` where there is no such run.
  init?(_ arguments: Arguments, options: [Option]) throws {
    guard let path = arguments.value("--resume") else { return nil }
    if let suite = arguments.operands.first {
      throw UsageError.tooManyOperands(suite, accepted: "run --resume DIR, without suites")
    }
    for option in options where arguments.has(option.name) && !Self.accepted.contains(option.name) {
      throw UsageError.invalidValue(
        option: "--resume", value: path,
        accepted: "no other options than \(Self.accepted.dropFirst().joined(separator: ", ")); "
          + "\(option.name) is as the run was begun")
    }
    let url = URL(filePath: path)
    // Twice: without a run there is nothing to lock, and who had the lock may have changed it.
    _ = try RunFolder.record(of: url)
    folder = try OutputFolder(continuing: url)
    record = try RunFolder.record(of: url)
  }

  /// The folder of the run.
  var url: URL { folder.url }

  /// The arguments with which the run was begun, whatever folder that was in.
  ///
  /// They are words of a file: what they name is started only where `given`, which the user typed,
  /// allows it.
  func arguments(accepting options: [Option], given: Arguments) throws -> Arguments {
    guard let verb = record.command.firstIndex(of: RunVerb.name) else {
      throw ReportingError.cannotResume(
        path: url.path(percentEncoded: false), reason: "its command is no `run`")
    }
    let suites = (try? SuiteLibrary(folder: ProjectFolder.suites).names()) ?? []
    let named = Set(suites + [SuiteLibrary.everySuite])
    let begun: Arguments
    do throws(UsageError) {
      begun = try Arguments(Array(record.command[(verb + 1)...]), accepting: options)
    } catch {
      throw ReportingError.cannotRead(
        path: url.appending(path: "run.json").path(percentEncoded: false),
        reason: "command: \(error)")
    }
    return try workers(begun, accepting: options)
      .taking(ExecPermission.option.name, from: given)
      .mapping(options: ["--counters"]) { word in
        guard let folder = record.startedIn, !named.contains(word), !word.hasPrefix("/") else {
          return word
        }
        let path = "\(folder)/\(word)"
        return FileManager.default.fileExists(atPath: path) ? path : word
      }
  }

  /// The arguments with the worker counts of then, where nobody named any and they are others now.
  private func workers(_ begun: Arguments, accepting options: [Option]) throws -> Arguments {
    let then = record.usualWorkers ?? [1]
    guard !begun.has("--workers"), then != RunOptions.usualWorkers(begun) else { return begun }
    let words = ["--workers=\(then.map(String.init).joined(separator: ","))"]
    return begun.taking("--workers", from: try Arguments(words, accepting: options))
  }

  /// - Throws: `ReportingError.cannotResume` on another machine.
  func check(_ environment: RunEnvironment) throws(ReportingError) {
    let before = record.environment
    // A record of before there were fingerprints has a name only.
    let isSame =
      environment.machine == before.machine
      && (before.fingerprint == nil || environment.fingerprint == before.fingerprint)
    guard isSame else {
      throw .cannotResume(
        path: url.path(percentEncoded: false),
        reason: "it was measured on \(before.machineKey), and this is \(environment.machineKey)")
    }
  }

  /// What the reader should know about the parts; nil where they are alike.
  func remark(_ environment: RunEnvironment) -> String? {
    guard environment.revision != record.environment.revision else { return nil }
    return "note: the run was begun with revision \(record.environment.revision ?? "unknown"), "
      + "this is \(environment.revision ?? "unknown"); comparisons stay within one part"
  }
}
