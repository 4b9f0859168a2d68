// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// JSON objects as one level of `path.to.key` → text, so that two can be compared key by key.
enum FlatJSON {
  /// The leaves of `value`; lists of plain values are one leaf, lists of objects are numbered.
  static func flattened(_ value: Any, under prefix: String) -> [String: String] {
    func path(_ key: String) -> String { prefix.isEmpty ? key : "\(prefix).\(key)" }
    switch value {
    case let object as [String: Any]:
      return object.reduce(into: [:]) { result, entry in
        result.merge(flattened(entry.value, under: path(entry.key))) { $1 }
      }
    case let list as [[String: Any]]:
      return list.enumerated().reduce(into: [:]) { result, entry in
        result.merge(flattened(entry.element, under: path(String(entry.offset)))) { $1 }
      }
    case let list as [Any]: return [prefix: list.map { "\($0)" }.joined(separator: ",")]
    case is NSNull: return [:]
    default: return [prefix: "\(value)"]
    }
  }
}
