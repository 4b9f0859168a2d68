// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inputs
import Testing

@Suite("Files from outside")
struct InputFileTests {
  private func fault(_ path: String, limit: Int = 100) -> String? {
    do throws(InputFile.Fault) {
      _ = try InputFile.text(path, limit: limit)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("What cannot be read says why")
  func faults() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "inputs-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "file").path()
    #expect(fault(file) == "there is no such file")
    #expect(fault(folder.path()) == "this is a folder; accepted is a file")
    try Data([0x61, 0xFF]).write(to: URL(filePath: file))
    #expect(fault(file) == "this is no UTF-8 text")
    try Data("grün".utf8).write(to: URL(filePath: file))
    #expect(fault(file) == nil)
    #expect(try InputFile.text(file, limit: 5) == "grün")
    #expect(fault(file, limit: 4) == "it is larger than 4 bytes, which is the limit")
    // A crash leaves half a character, at the end only.
    let half = Data("grün\ngr\u{FC}".utf8).dropLast()
    try half.write(to: URL(filePath: file))
    #expect(fault(file) == "this is no UTF-8 text")
    let text = try InputFile.text(file, limit: 100, allowsCutLine: true)
    #expect(text.hasPrefix("grün\ngr"))
    try (half + Data("\n".utf8)).write(to: URL(filePath: file))
    #expect(throws: InputFile.Fault.self) {
      try InputFile.text(file, limit: 100, allowsCutLine: true)
    }
  }

  @Test("A device that never ends stops at the limit, and at one of its own")
  func endless() {
    #expect(fault("/dev/zero", limit: 1 << 20)?.contains("1048576 bytes") == true)
    #expect(fault("/dev/zero", limit: 1 << 40)?.contains("\(1 << 26) bytes") == true)
  }

  @Test("A pipe that nobody writes to is given up; one whose writer comes late is read to its end")
  func pipes() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "inputs-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appending(path: "pipe").path()
    try #require(mkfifo(pipe, 0o600) == 0)
    #expect(fault(pipe) == "this is a pipe that nobody writes to")
    /// Reads while somebody opens the pipe after a while, and writes each text after another while.
    func read(_ texts: [String]) throws -> String {
      Thread.detachNewThread {
        usleep(200_000)
        let writer = open(pipe, O_WRONLY)
        for text in texts {
          usleep(200_000)
          _ = write(writer, text, text.utf8.count)
        }
        close(writer)
      }
      return try InputFile.text(pipe, limit: 100)
    }
    #expect(try read(["late"]) == "late")
    #expect(try read(["a", "b"]) == "ab")
    #expect(try read([]) == "")
  }
}
