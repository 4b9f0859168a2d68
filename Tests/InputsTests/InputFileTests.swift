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
  }

  @Test("A device that never ends stops at the limit")
  func endless() {
    #expect(fault("/dev/zero", limit: 1 << 20)?.contains("1048576 bytes") == true)
  }
}
