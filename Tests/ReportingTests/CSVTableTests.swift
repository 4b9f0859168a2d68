// SPDX-License-Identifier: Apache-2.0

import Reporting
import Testing

@Suite("A CSV file read back")
struct CSVTableTests {
  @Test("has the cells that were written, whatever they hold")
  func roundTrip() {
    let rows = [["a", "b,c"], ["say \"x\"", ""], ["=1+1", "'=a"], ["µ", "1.5"]]
    let table = CSVTable(parsing: rows.map(CSVWriter.line).joined())
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
      ("a,b\n1,2\n3", 1), ("a,b\n1,2\n3,", 1), ("a,b\n1,2\n3,\"x\ny", 1), ("a,b\n1,2\n3\n", 1),
      ("a,b\n1,", 0), ("a,", 0),
    ])
  func truncated(text: String, complete: Int) {
    let table = CSVTable(parsing: text)
    #expect(table.rows.count == complete)
    #expect(table.isTruncated)
  }
}
