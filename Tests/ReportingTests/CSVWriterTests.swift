// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reporting
import Testing

@Suite("A CSV file")
struct CSVWriterTests {
  @Test(
    "quotes as RFC 4180 says",
    arguments: [
      (["a", "b"], "a,b\n"), (["a,b", ""], "\"a,b\",\n"), (["say \"x\""], "\"say \"\"x\"\"\"\n"),
      (["two\nlines", "c"], "two\\nlines,c\n"), (["\r\n"], "\\r\\n\n"),
      (["=1,2", "-1.5", "-x"], "\"'=1,2\",-1.5,'-x\n"),
      (["µs ± 1"], "µs ± 1\n"),
      // With an accent a quote, a comma or an apostrophe is still one.
      (["\"\u{301}x"], "\"\"\"\u{301}x\"\n"), ([",\u{301}"], "\",\u{301}\"\n"),
      (["'\u{301}=1"], "'\u{301}=1\n"), (["=\u{301}1"], "'=\u{301}1\n"),
    ])
  func quotes(cells: [String], expected: String) {
    #expect(CSVWriter.line(cells) == expected)
  }

  @Test("holds every row as soon as it is appended")
  func writesRowByRow() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let writer = try CSVWriter(file, columns: ["x", "y"])
    #expect(try String(contentsOf: file, encoding: .utf8) == "x,y\n")
    try writer.append(["1", "2"])
    #expect(try String(contentsOf: file, encoding: .utf8) == "x,y\n1,2\n")
  }

  @Test("says which file cannot be created")
  func namesFile() {
    #expect {
      try CSVWriter(URL(filePath: "/nonexistent/x.csv"), columns: ["x"])
    } throws: { error in
      guard case ReportingError.cannotWrite(let path, let reason) = error else { return false }
      return path == "/nonexistent/x.csv" && !reason.isEmpty
    }
  }

  @Test(
    "says so when the disk is full",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() {
    #expect(throws: ReportingError.self) {
      try CSVWriter(URL(filePath: "/dev/full"), columns: ["x"])
    }
  }
}
