// SPDX-License-Identifier: Apache-2.0

import Measuring
import Reporting
import Statistics
import Testing

@Suite("A CSV file read back")
struct CSVTableTests {
  @Test("has the cells that were written, whatever they hold")
  func roundTrip() throws {
    let rows = [["a", "b,c"], ["say \"x\"", ""], ["=1+1", "'=a"], ["µ", "1.5"]]
    let table = try CSVTable(parsing: rows.map(CSVWriter.line).joined())
    #expect(table.columns == rows[0])
    #expect(table.rows == Array(rows.dropFirst()))
    #expect(!table.isTruncated)
    #expect(table.text == rows.map(CSVWriter.line).joined())
    #expect(table.number(table.rows[2], "b,c") == 1.5)
    #expect(table.cell(table.rows[0], "nothing") == nil)
  }

  @Test(
    "leaves out what was cut off at its end",
    arguments: [
      ("a,b\n1,2\n3", 1), ("a,b\n1,2\n3,", 1), ("a,b\n1,2\n3,\"x\ny", 1), ("a,b\n1,", 0),
    ])
  func truncated(text: String, complete: Int) throws {
    let table = try CSVTable(parsing: text)
    #expect(table.rows.count == complete)
    #expect(table.isTruncated)
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
    let error = #expect(throws: ReportingError.self) { try CSVTable(parsing: text, path: "t") }
    guard case .malformed(let path, let line, let complaint) = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect("\(path):\(line): \(complaint)" == message)
  }

  @Test("leaves the axes alone, whatever they are called")
  func axes() throws {
    let text = "workers,tasks\n1,many\n"
    #expect(try CSVTable(parsing: text, fixedColumns: 1).rows == [["1", "many"]])
    #expect(throws: ReportingError.self) { try CSVTable(parsing: text) }
  }

  @Test("knows every status and verdict, and no other word")
  func words() throws {
    let columns = [
      "status": RowStatus.allCases.map(\.rawValue), "verdict": Verdict.allCases.map(\.rawValue),
    ]
    for (column, words) in columns {
      for word in words { _ = try CSVTable(parsing: "\(column)\n\(word)\n") }
      #expect(throws: ReportingError.self) { try CSVTable(parsing: "\(column)\nfrob\n") }
    }
  }
}
