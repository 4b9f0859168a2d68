// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inputs
import Testing

@Suite("The numbers of a JSON text")
struct JSONNumbersTests {
  private struct Record: Decodable {
    struct Row: Decodable { var count: Int }
    var name: String
    var whole: Int
    var share: Double
    var rows: [Row]
  }

  private func isRead(_ bytes: [UInt8]) -> Bool {
    (try? JSONDecoder().decode(Record.self, from: Data(bytes))) != nil
  }

  @Test(
    "name the key of the one that is refused, its value and what is accepted",
    arguments: [
      ("1", "1e400", "0", "‘share’ is 1e400; accepted is a number up to 1.7976931348623157e+308"),
      ("1.5", "1.5", "0", "‘whole’ is 1.5; accepted is a whole number up to 9223372036854775807"),
      (
        "1180591620717411303424", "2.5", "0",
        "‘whole’ is 1180591620717411303424; accepted is a whole"
      ),
      ("-1e400", "1e400", "1.5", "‘whole’ is -1e400; accepted is a whole number"),
      ("-5", "-1e-3", "1.5", "‘rows[1].count’ is 1.5; accepted is a whole number"),
    ])
  func refused(whole: String, share: String, count: String, text: String) throws {
    let record = """
      {"name": "1e400 \\" , 2.5", "whole": \(whole), "share": \(share),
       "rows": [{"count": 1}, {"count": \(count)}]}
      """
    let found = try #require(JSONNumbers.refused(in: Array(record.utf8), by: isRead))
    #expect(found.hasPrefix(text))
  }

  @Test(
    "are not at fault for anything else",
    arguments: [
      "", "{", "null", "[[1.5", #"{"name": 1.5}"#, #"{"name": "x", "whole": true, "share": 0.5}"#,
      #"{"name": "x", "whole": 1, "share": 0.5, "rows": [}"#, #"{"a\"#, "}}]],,1.5",
    ])
  func others(_ text: String) {
    #expect(JSONNumbers.refused(in: Array(text.utf8), by: isRead) == nil)
  }

  @Test(
    "stand at keys of which an object has each once",
    arguments: [
      (#"{"a": 1, "b": 2, "a": 3}"#, "a"), (#"{"a": {"b": 1, "c": {}, "b": 2}}"#, "a.b"),
      (#"[{"a": 1}, {"a": 1, "a": 1}]"#, "[1].a"), (#"{"a": "", "\u0061": ""}"#, "a"),
      (#"{"\n": [[1]], "\u000a": null}"#, "\n"), (#"{"a": "b", "b": 1, "b": 2"#, "b"),
      (#"{"x\/y": 0, "x/y": 0}"#, "x/y"),
    ])
  func doubled(_ text: String, _ key: String) throws {
    let error = #expect(throws: DecodingError.self) {
      try JSONNumbers.requireUniqueKeys(text.utf8)
    }
    let words = try #require(error).words(in: text.utf8) { _ in true }
    #expect(words == "‘\(key)’ is not accepted: the key is given twice")
  }

  @Test(
    "may stand at one key in two objects, and at what is a text elsewhere",
    arguments: [
      "", "{", "}}]],", #"{"a": {"a": 1}, "b": {"a": 2}}"#, #"[{"a": 1}, {"a": 2}]"#,
      #"{"a": "b", "b": "a", "c": ["a", "a", "b"]}"#, #"{"a\"": 1, "a": 2, "\\": 1}"#,
      #"{"\ud83d": 1, "\ud83e": 1}"#,
    ])
  func unique(_ text: String) throws { try JSONNumbers.requireUniqueKeys(text.utf8) }
}
