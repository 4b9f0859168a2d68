// SPDX-License-Identifier: Apache-2.0

extension DecodingError {
  /// What is wrong with a JSON object, with its key.
  /// - Parameters:
  ///   - accepted: The words of keys that have a list of them.
  ///   - bytes: The text.
  ///   - isRead: Whether a text can be decoded.
  /// - Returns: the fault in a few words.
  public func words(
    accepted: [String: [String]] = [:], in bytes: some Collection<UInt8>,
    by isRead: ([UInt8]) -> Bool
  ) -> String {
    switch self {
    case .keyNotFound(let key, _): "the key ‘\(key.stringValue)’ is missing"
    case .typeMismatch(let type, let context) where !context.codingPath.isEmpty,
      .valueNotFound(let type, let context) where !context.codingPath.isEmpty:
      "‘\(Self.path(context))’ is not \(Self.name(type))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "‘\(Self.path(context))’ is not accepted"
        + (Self.listed(accepted[Self.path(context)]) ?? Self.reason(context))
    default: JSONNumbers.refused(in: Array(bytes), by: isRead) ?? "no JSON object"
    }
  }

  /// JSON's word for what a type of ours is read from.
  private static func name(_ type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "a text"
    case is [Any].Type, is [Int].Type, is [String].Type: "a list"
    default: "an object"
    }
  }

  private static func listed(_ words: [String]?) -> String? {
    words.map { "; accepted are " + $0.joined(separator: ", ") }
  }

  /// What a reader of ours says; the standard library names its own types.
  private static func reason(_ context: Context) -> String {
    context.debugDescription.hasPrefix("Cannot ") ? "" : ": \(context.debugDescription)"
  }

  private static func path(_ context: Context) -> String {
    context.codingPath.reduce("") { path, key in
      if let place = key.intValue { return "\(path)[\(place)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
  }
}
