// SPDX-License-Identifier: Apache-2.0

import Boundary
import Foundation
import Testing

@Suite("Files that are written")
struct OutputFileTests {
  /// A folder that is gone after `body`.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func text(_ file: URL) -> String? {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a file is replaced in one step, keeps its permissions and leaves nothing beside it")
  func replacing() throws {
    try inFolder { folder in
      let file = folder.appending(path: "run.json")
      try WholeFile.write(Data("old".utf8), to: file)
      chmod(file.path(percentEncoded: false), 0o600)
      try WholeFile.write(Data("new".utf8), to: file)
      #expect(text(file) == "new")
      let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run.json"])
    }
  }

  @Test("a link in the place of a file is not followed, whoever opens it")
  func link() throws {
    try inFolder { folder in
      let victim = folder.appending(path: "victim")
      try Data("mine".utf8).write(to: victim)
      let link = folder.appending(path: "measurements.csv")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: victim)
      let path = link.path(percentEncoded: false)
      let refused = FileError(
        path: path,
        reason: "it is a symbolic link, and links are not followed when files are written")
      #expect(throws: refused) { try WholeFile.write(Data("x".utf8), to: link) }
      #expect(throws: refused) { _ = try AppendedFile(link, beginning: Data()) }
      #expect(throws: refused) { _ = try AppendedFile(continuing: link) }
      #expect(text(victim) == "mine")
    }
  }

  @Test("a folder of results does not begin behind a link, and one that the user named may")
  func folder() throws {
    try inFolder { folder in
      let link = folder.appending(path: "quick")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
      #expect(throws: FileError.self) { try Folder.make(link, mayBeLink: false) }
      let slashed = URL(filePath: link.path + "/")
      #expect(throws: FileError.self) { try Folder.make(slashed, mayBeLink: false) }
      try Folder.make(link)
      try Folder.make(folder.appending(path: "a/b"), mayBeLink: false)
    }
  }

  @Test("a device stays what it is")
  func device() throws {
    try inFolder { folder in
      let pipe = folder.appending(path: "pipe").path(percentEncoded: false)
      #expect(mkfifo(pipe, 0o600) == 0)
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      try WholeFile.write(Data("through".utf8), to: URL(filePath: pipe))
      var bytes = [UInt8](repeating: 0, count: 7)
      #expect(read(reader, &bytes, 7) == 7)
      #expect(String(decoding: bytes, as: UTF8.self) == "through")
    }
  }

  @Test("the system's words are in the error, with the file")
  func words() throws {
    try inFolder { folder in
      let missing = folder.appending(path: "no/such/file")
      #expect(
        throws: FileError(path: missing.path, reason: "No such file or directory")
      ) { try WholeFile.write(Data(), to: missing) }
      #expect(
        throws: FileError(path: folder.path, reason: "Is a directory")
      ) { try WholeFile.write(Data(), to: URL(filePath: folder.path)) }
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      #expect(throws: FileError.self) { try Folder.make(file.appending(path: "a")) }
    }
    // Root may write everywhere, but nobody into this device.
    #expect(throws: FileError(path: "/dev/full", reason: "No space left on device")) {
      try WholeFile.write(Data("x".utf8), to: URL(filePath: "/dev/full"))
    }
  }

  @Test("Foundation's errors become the system's words")
  func foundation() throws {
    let errors: [(any Error)?] = [
      caught { _ = try Data(contentsOf: URL(filePath: "/no/such/file")) },
      caught { _ = try String(contentsOfFile: "/no/such/file", encoding: .utf8) },
      caught {
        try FileManager.default.createDirectory(
          at: URL(filePath: "/proc/none/x"), withIntermediateDirectories: true)
      },
      caught { try Data("x".utf8).write(to: URL(filePath: "/no/such/file")) },
      caught {
        let process = Process()
        process.executableURL = URL(filePath: "/no/such/program")
        try process.run()
      },
    ]
    for error in errors {
      let error = try #require(error)
      #expect(SystemReason.text(of: error) == "No such file or directory", "\(error)")
    }
    let json = try #require(caught { _ = try JSONSerialization.jsonObject(with: Data("{".utf8)) })
    #expect(!SystemReason.text(of: json).contains("NSCocoa"))
    #expect(SystemReason.sentence(of: try #require(errors[0])).hasPrefix("/no/such/file: "))
  }

  private func caught(_ body: () throws -> Void) -> (any Error)? {
    do { try body() } catch { return error }
    return nil
  }
}
