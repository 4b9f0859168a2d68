// SPDX-License-Identifier: Apache-2.0

internal import Suites

extension PlanGroup {
  /// Groups without a row in common: those that have one are measured together, and the row once.
  ///
  /// `best` and a glob may stand for the same variant on one case and for others on the next, so
  /// neither of their groups can do without the row.
  static func joined(_ groups: [PlanGroup]) -> [PlanGroup] {
    var apart: [PlanGroup] = []
    for group in groups {
      let rows = Set(group.entries.map(\.row))
      let first = apart.firstIndex { !rows.isDisjoint(with: $0.entries.map(\.row)) }
      let (common, others) = (
        apart.filter { !rows.isDisjoint(with: $0.entries.map(\.row)) },
        apart.filter { rows.isDisjoint(with: $0.entries.map(\.row)) }
      )
      apart = others
      let whole = (common + [group]).reduce(into: PlanGroup?.none, join) ?? group
      apart.insert(whole, at: first ?? others.count)
    }
    return apart
  }

  /// Adds the entries of `group` that are not there yet, and its pairs.
  private static func join(_ whole: inout PlanGroup?, _ group: PlanGroup) {
    guard var joined = whole else {
      whole = group
      return
    }
    let places = group.entries.map { entry -> Int in
      if let known = joined.entries.firstIndex(where: { $0.row == entry.row }) {
        joined.entries[known].selection = joined.entries[known].selection ?? entry.selection
        return known
      }
      joined.entries.append(entry)
      return joined.entries.count - 1
    }
    for var pair in group.pairs {
      (pair.baseline, pair.contender) = (places[pair.baseline], places[pair.contender])
      if !joined.pairs.contains(pair) { joined.pairs.append(pair) }
    }
    whole = joined
  }
}

extension PlanEntry {
  /// What tells its row from the others of a suite.
  fileprivate var row: [String] {
    [suiteCase.name, contender.kernel, String(workers), cache.rawValue]
  }
}
