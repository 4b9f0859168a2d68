// SPDX-License-Identifier: Apache-2.0

/// What a server refuses before its engine sees it; the description is the answer.
enum RequestError: Error, Hashable, CustomStringConvertible {
  /// The harness speaks another version of the protocol.
  case version(Int)
  /// A field is missing that the action needs.
  case missing(key: String)
  /// Only a contender whose `hello` says `word` is asked for this.
  case notServed(key: String, word: String)
  /// A list of CPUs has none.
  case noCPUs
  /// Nothing would be measured.
  case iterations(Int)
  /// Nothing can be computed less than no time, nor for ever.
  case warmUp(Int)
  /// The tensors are larger than this machine's memory.
  case tooLarge(bytes: Int, memory: Int)
  /// A line is longer than any request.
  case endless(bytes: Int)
  /// A line is no request.
  case notUnderstood(problem: String)

  /// More than this is a slip: the fastest iteration takes tens of nanoseconds.
  static let iterationsAccepted = 1...1_000_000_000
  /// Before the clock nothing may be asked for, too.
  static let warmUpAccepted = 0...1_000_000_000

  var description: String {
    switch self {
    case .version(let version):
      "the request is of protocol version \(version); accepted is \(Request.version)"
    case .missing(let key): "the key ‘\(key)’ is missing"
    case .notServed(let key, let word):
      "‘\(key)’ is not served here; it is for contenders whose hello says ‘\(word)’"
    case .noCPUs: "cpus is an empty list; accepted are CPUs of this process, or no such key"
    case .iterations(let count):
      "iterations is \(count); accepted are \(Self.iterationsAccepted.lowerBound) to "
        + "\(Self.iterationsAccepted.upperBound)"
    case .tooLarge(let bytes, let memory):
      "the problem's tensors need \(bytes >> 20) MiB here and in the harness's files; this machine "
        + "has \(memory >> 20) MiB"
    case .endless(let bytes): "a request has more than \(bytes) bytes"
    case .notUnderstood(let problem): "the request is not understood: \(problem)"
    case .warmUp(let count):
      "warm_up is \(count); accepted are \(Self.warmUpAccepted.lowerBound) to "
        + "\(Self.warmUpAccepted.upperBound)"
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
