// SPDX-License-Identifier: Apache-2.0

internal import ExternalPeers
internal import Planning

/// The processes of external contenders: started when first needed, again after one has died.
final class ContenderProcesses {
  private let commands: [String: [String]]
  private let cpus: [Int]
  private var running: [String: ExternalContender] = [:]
  /// Contenders that cannot even be started, so that each case does not wait for it again.
  private var broken: [String: SubjectFailure] = [:]

  init(commands: [String: [String]], cpus: [Int]) {
    self.commands = commands
    self.cpus = cpus
  }

  deinit { for contender in running.values { contender.close() } }

  /// Has the contender of this name prepare the entry's case.
  /// - Throws: `SubjectFailure`.
  func subject(named name: String, entry: PlanEntry, data: CaseData) throws -> any Subject {
    if let failure = broken[name] { throw failure }
    return try ExternalSubject(entry, contender: try contender(named: name), data: data)
  }

  private func contender(named name: String) throws -> ExternalContender {
    if let contender = running[name], contender.failure == nil { return contender }
    running[name]?.close()
    do {
      let contender = try SubjectFailure.translating {
        try ExternalContender(name: name, command: commands[name] ?? [name], cpus: cpus)
      }
      running[name] = contender
      return contender
    } catch let failure as SubjectFailure {
      broken[name] = failure
      throw failure
    }
  }
}
