// SPDX-License-Identifier: Apache-2.0

/// Comparisons that are read together, each with what tells it from the others.
struct ComparedSection {
  /// What they have in common; empty where they are all different things.
  var title: String
  /// In the order of the axis, or in that of the suite.
  var rows: [(label: String, row: ComparedRow)]

  /// The comparisons of a suite in the order in which they are read: single ones, then those along an
  /// axis by its values, then those of one name.
  static func all(_ comparisons: [ComparedRow], series: [Trend]) -> [ComparedSection] {
    let along = series.map { trend in
      ComparedSection(
        title: trend.title,
        rows: trend.rows.map { ("\(trend.axis)=\(trend.value(of: $0))", $0) })
    }
    let taken = Set(series.flatMap(\.places))
    let named = byName(comparisons.indices.filter { !taken.contains($0) }.map { comparisons[$0] })
    let all = (along + named).filter { !$0.rows.isEmpty }
    // Below a title nothing may stand that does not belong there.
    return all.filter(\.title.isEmpty) + all.filter { !$0.title.isEmpty }
  }

  /// Rows of one name that differ in axes make a section; what is the only one of its name stands in
  /// the first.
  private static func byName(_ rows: [ComparedRow]) -> [ComparedSection] {
    var single = ComparedSection(title: "", rows: [])
    var sections: [ComparedSection] = []
    for base in SuiteRows.distinct(rows.map(\.base)) {
      let own = rows.filter { $0.base == base }
      if own.count == 1 || base.isEmpty {
        single.rows += own.map { ($0.comparison.isEmpty ? $0.contenderCase : $0.comparison, $0) }
      } else {
        sections.append(ComparedSection(title: base, rows: own.map { ($0.axisText, $0) }))
      }
    }
    return [single] + sections
  }
}
