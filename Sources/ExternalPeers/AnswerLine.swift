// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A line of a contender's standard output, told apart: answer, stray print, or garbage.
enum AnswerLine {
  /// An answer of the protocol.
  case reply(Reply)
  /// Something that a library printed on its own; it is ignored up to a bound.
  case stray
  /// Nothing that a contender in its right mind writes.
  case garbage(problem: String)

  /// Tells `line` apart: an answer is an object with the key `convscope`.
  ///
  /// What a library printed just before it without a newline is skipped.
  init(_ line: [UInt8]) {
    guard let text = String(validating: line, as: UTF8.self) else {
      self = .garbage(problem: "not UTF-8 text")
      return
    }
    let trimmed = text.drop { $0 == " " }
    guard let start = text.range(of: #"{"convscope""#)?.lowerBound ?? trimmed.indices.first,
      text[start] == "{"
    else {
      self = .stray
      return
    }
    do {
      self = .reply(try JSONDecoder().decode(Reply.self, from: Data(text[start...].utf8)))
    } catch let error as DecodingError {
      self = .garbage(problem: error.words)
    } catch {
      self = .garbage(problem: "no JSON object")
    }
  }
}

extension DecodingError {
  /// What is wrong with a line of the protocol.
  var words: String {
    switch self {
    case .keyNotFound(let key, _): "the key ‘\(key.stringValue)’ is missing"
    case .typeMismatch(let type, let context) where !context.codingPath.isEmpty,
      .valueNotFound(let type, let context) where !context.codingPath.isEmpty:
      "‘\(Self.path(context))’ is not \(Self.name(type))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "‘\(Self.path(context))’ is not accepted\(Self.accepted(context))"
    default: "no JSON object"
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

  /// What is accepted where the key is the only one with a list of words.
  private static func accepted(_ context: Context) -> String {
    guard path(context) == "do" else { return "" }
    return "; accepted are " + Action.allCases.map(\.rawValue).joined(separator: ", ")
  }

  private static func path(_ context: Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }
}
