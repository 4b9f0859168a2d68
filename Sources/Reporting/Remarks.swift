// SPDX-License-Identifier: Apache-2.0

/// Reasons of rows that are not as they should be, rows of one reason together.
enum Remarks {
  /// A row without a time.
  struct Row {
    var name: String
    var status: String
    var reason: String
  }

  /// `case, kernel: status: reason` of one row, `41 rows unsupported: reason` of several.
  static func lines(_ rows: [Row]) -> [String] {
    var order: [String] = []
    var found: [String: [Row]] = [:]
    for row in rows {
      let key = "\(row.status): \(row.reason)"
      if found[key] == nil { order.append(key) }
      found[key, default: []].append(row)
    }
    return order.map { key in
      let some = found[key] ?? []
      let names = Set(some.map(\.name))
      return names.count == 1 ? "\(some[0].name): \(key)" : "\(names.count) rows \(key)"
    }
  }
}
