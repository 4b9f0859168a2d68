// SPDX-License-Identifier: Apache-2.0

/// An event with the codes that PAPI gave for its name and its alternatives.
struct ResolvedEvent: Sendable {
  /// A name that PAPI knows.
  struct Candidate: Sendable {
    var name: String
    var code: Int32
  }

  /// What the group asks for.
  var event: CounterEvent
  /// Known names in order of preference.
  var candidates: [Candidate]
  /// The failure of the first name, for where no candidate counts.
  var failure: PAPIFailure?

  /// Looks up every name of `event`; on one thread at a time.
  init(_ event: CounterEvent, in library: PAPILibrary) {
    self.event = event
    candidates = []
    for name in [event.name] + event.alternatives {
      let countable = SoftwareEvent(named: name)?.countableName(for: name) ?? name
      switch library.code(of: countable) {
      case .success(let code): candidates.append(Candidate(name: name, code: code))
      case .failure(let first): failure = failure ?? first
      }
    }
  }
}
