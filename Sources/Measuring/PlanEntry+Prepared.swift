// SPDX-License-Identifier: Apache-2.0

internal import Planning

extension PlanEntry {
  /// The entry's work, made ready to run in this process.
  /// - Throws: `SubjectFailure` where nothing in this process computes it, `MemoryError`, or an
  ///   error of the library behind a variant.
  func prepared(_ data: CaseData) throws -> any PreparedWork {
    switch contender {
    case .variants(let variants):
      return try PreparedChain(data, variants: variants, workers: workers)
    case .graph(let variant):
      guard let graph = suiteCase.graph else {
        throw SubjectFailure.unsupported("it runs blocks, not single convolutions")
      }
      return try PreparedBlock(graph, data, variant: variant, workers: workers)
    case .external(let name):
      throw SubjectFailure.unsupported("\(name) runs in a process of its own; nothing is seen there")
    case .unsupported(_, let reason): throw SubjectFailure.unsupported(reason)
    }
  }
}
