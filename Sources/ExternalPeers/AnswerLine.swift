// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

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
    let answer = text[start...].utf8
    do {
      try JSONNumbers.requireUniqueKeys(answer)
      self = .reply(try JSONDecoder().decode(Reply.self, from: Data(answer)))
    } catch let error as DecodingError {
      self = .garbage(
        problem: error.words(in: answer) {
          (try? JSONDecoder().decode(Reply.self, from: Data($0))) != nil
        })
    } catch {
      self = .garbage(problem: "no JSON object")
    }
  }
}
