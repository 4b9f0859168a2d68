// SPDX-License-Identifier: Apache-2.0

/// What a server refuses before its engine sees it; the description is the answer.
enum RequestError: Error, Hashable, CustomStringConvertible {
  /// The harness speaks another version of the protocol.
  case version(Int)
  /// A field is missing that the action needs.
  case missing(key: String)
  /// Nothing would be measured.
  case iterations(Int)

  var description: String {
    switch self {
    case .version(let version):
      "the request is of protocol version \(version); accepted is \(Request.version)"
    case .missing(let key): "the key ‘\(key)’ is missing"
    case .iterations(let count): "iterations is \(count); accepted are positive numbers"
    }
  }
}

extension Request {
  /// The value of a field that the action needs.
  func required<Value>(
    _ field: KeyPath<Request, Value?>, _ key: String
  ) throws(RequestError) -> Value {
    guard let value = self[keyPath: field] else { throw .missing(key: key) }
    return value
  }
}
