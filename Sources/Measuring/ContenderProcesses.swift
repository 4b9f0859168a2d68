// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import ExternalPeers
internal import Planning

/// The processes of external contenders: started when first needed, again after one has died.
///
/// There is one for each number of workers, and it may use that many CPUs: a library that pays no
/// heed to the number of threads it is asked for cannot run on a core that our variant leaves idle.
final class ContenderProcesses {
  private let commands: [String: [String]]
  private let cpus: [Int]
  private let interruption: Interruption
  private var running: [Process: ExternalContender] = [:]
  /// Contenders that cannot even be started, so that each case does not wait for it again.
  private var broken: [String: SubjectFailure] = [:]

  private struct Process: Hashable {
    var name: String
    var workers: Int
  }

  init(commands: [String: [String]], cpus: [Int], interruption: Interruption) {
    self.commands = commands
    self.cpus = cpus
    self.interruption = interruption
  }

  deinit { for contender in running.values { contender.close() } }

  /// Has the contender of this name prepare the entry's case.
  /// - Throws: `SubjectFailure`.
  func subject(named name: String, entry: PlanEntry, data: CaseData) throws -> any Subject {
    if let failure = broken[name] { throw failure }
    return try ExternalSubject(
      entry, contender: try contender(Process(name: name, workers: entry.workers)), data: data)
  }

  private func contender(_ process: Process) throws -> ExternalContender {
    if let contender = running[process], contender.failure == nil { return contender }
    running[process]?.close()
    let name = process.name
    do {
      let contender = try SubjectFailure.translating {
        try ExternalContender(
          name: name, command: commands[name] ?? [name],
          cpus: Array(cpus.prefix(process.workers)), interruption: interruption)
      }
      running[process] = contender
      return contender
    } catch SubjectFailure.interrupted {
      throw SubjectFailure.interrupted
    } catch let failure as SubjectFailure {
      broken[name] = failure
      throw failure
    }
  }
}
