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
}
