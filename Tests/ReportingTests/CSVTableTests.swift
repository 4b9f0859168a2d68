// SPDX-License-Identifier: Apache-2.0

import Inputs
import Measuring
import Reporting
import Statistics
import Testing

@Suite("A CSV file read back")
struct CSVTableTests {
  @Test("has the cells that were written, whatever they hold")
  func roundTrip() throws {
    let rows = [["a", "b,c"], ["say \"x\"", ""], ["=1+1", "'=a"], ["µ", "1.5"]]
    let made = CSVTable(columns: rows[0], rows: Array(rows.dropFirst()))
    #expect(made.text == rows.map(CSVWriter.line).joined())
    let table = try CSVTable(parsing: rows.map(CSVWriter.line).joined())
    #expect(table.columns == rows[0])
    #expect(table.rows.map(\.cells) == Array(rows.dropFirst()))
    #expect(table.text == rows.map(CSVWriter.line).joined())
    #expect(table.rows[2].number("b,c") == 1.5)
    #expect(table.rows[0]["nothing"] == nil)
    #expect(try CSVTable(parsing: "a,b\n\"1\n2\",3\n").rows[0]["a"] == "1\n2")
  }

  @Test(
    "leaves out what was cut off at its end",
    arguments: [
      ("a,b\n1,2\n3", 1), ("a,b\n1,2\n3,", 1), ("a,b\n1,2\n3,\"x\ny", 1), ("a,b\n1,", 0),
    ])
  func truncated(text: String, complete: Int) throws {
    let table = try CSVTable(parsing: text)
    #expect(table.rows.count == complete)
  }

  @Test(
    "is refused with its line where somebody damaged it",
    arguments: [
      ("", "t:1: there is no header"), ("a,a\n", "t:1: the column ‘a’ is there twice"),
      ("a,b\n1,2\n3\n4,5\n", "t:3: 1 cells; the header has 2"),
      ("a,b\n1,\"2\n3,4\n5,6\n7,8\n", "t:2: a quote is not closed"),
      (
        "rounds\n1\n\nnan\n",
        "t:4: column rounds is ‘nan’; accepted is a whole number from 0, or nothing"
      ),
      (
        "time_ns\n-1\n",
        "t:2: column time_ns is ‘-1’; accepted is a number from 1e-30 to 1e30, or nothing"
      ),
      (
        "counted\n2\n",
        "t:2: column counted is ‘2’; accepted is a whole number from 0 to 1, or nothing"
      ),
    ])
  func damaged(text: String, message: String) {
    let fault = #expect(throws: CSVFault.self) { try CSVTable(parsing: text, path: "t") }
    #expect(fault.map { "\($0.path):\($0.line ?? 0): \($0.complaint)" } == message)
  }

  @Test(
    "that is compared has its columns, all of its quotes, and no row twice",
    arguments: [
      ("b\n1\n", "the column ‘a’ is missing"), ("a\n\"1\n", "a quote is not closed"),
      ("a\n1\n1\n", "the row of 1 is there twice, first on line 2"),
    ])
  func compared(text: String, complaint: String) throws {
    let fault = #expect(throws: CSVFault.self) { try CSVTable(parsing: text, required: ["a"]) }
    #expect(fault?.complaint == complaint)
    _ = try CSVTable(parsing: text)
  }

  @Test("leaves the axes alone, whatever they are called")
  func axes() throws {
    let columns = RunTable.comparisons.columns + ["groups", "round"]
    let text = CSVTable(
      columns: columns, rows: [RunTable.comparisons.columns.map { _ in "" } + ["many", "few"]]
    ).text
    for required in [nil, ["suite"]] {
      let table = try CSVTable(parsing: text, as: .comparisons, required: required)
      #expect(table.rows.first?["groups"] == "many")
    }
    #expect(throws: CSVFault.self) { try CSVTable(parsing: text) }
  }

  @Test("knows every status and verdict, and no other word")
  func words() throws {
    let columns = [
      "status": RowStatus.allCases.map(\.rawValue), "verdict": Verdict.allCases.map(\.rawValue),
    ]
    for (column, words) in columns {
      for word in words { _ = try CSVTable(parsing: "\(column)\n\(word)\n") }
      #expect(throws: CSVFault.self) { try CSVTable(parsing: "\(column)\nfrob\n") }
    }
  }
}
