// SPDX-License-Identifier: Apache-2.0

import Boundary
import Foundation
import Testing

@Suite("A file that is written")
struct FilesTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  @Test("is as it was where the new one cannot be written, and nothing lies beside it")
  func keeps() throws {
    try withFolder { folder in
      let taken = folder.appending(path: "taken")
      try FileManager.default.createDirectory(
        at: taken.appending(path: "inside"), withIntermediateDirectories: true)
      #expect(throws: FileError.self) { try WholeFile.write(Data("x".utf8), to: taken) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["taken"])
      #expect {
        try WholeFile.write(Data(), to: URL(filePath: "/nonexistent/x"))
      } throws: {
        $0 as? FileError
          == FileError(path: "/nonexistent/x", reason: "No such file or directory")
      }
    }
  }

  @Test("may be a pipe that somebody reads, and is an error where nobody does")
  func pipes() throws {
    try withFolder { folder in
      let pipe = folder.appending(path: "pipe"), copy = folder.appending(path: "copy")
      try #require(mkfifo(pipe.path(), 0o600) == 0)
      #expect {
        try WholeFile.write(Data("x".utf8), to: pipe)
      } throws: {
        $0 as? FileError == FileError(path: pipe.path(), reason: "nobody reads from it")
      }
      Thread.detachNewThread {
        usleep(200_000)
        let reader = open(pipe.path(), O_RDONLY)
        var byte: UInt8 = 0
        _ = read(reader, &byte, 1)
        try? Data([byte]).write(to: copy)
        close(reader)
      }
      try WholeFile.write(Data("x".utf8), to: pipe)
      while !FileManager.default.fileExists(atPath: copy.path()) { usleep(20_000) }
      #expect(try text(copy) == "x")
      #expect(throws: FileError.self) { _ = try AppendedFile(continuing: pipe) }
    }
  }

  @Test("lies in a folder that is made with those above it")
  func folders() throws {
    try withFolder { folder in
      let deep = folder.appending(path: "a/b/c")
      try Folder.make(deep)
      try Folder.make(deep)
      #expect(try Folder.names(in: folder.appending(path: "a/b")) == ["c"])
      let file = folder.appending(path: "file")
      try WholeFile.write(Data(), to: file)
      for taken in [file, file.appending(path: "below")] {
        #expect(throws: FileError.self) { try Folder.make(taken) }
      }
      #expect(throws: FileError(path: deep.path(), reason: "File exists")) {
        try Folder.move(file, to: deep)
      }
    }
  }

  @Test("is written to where it is a device, whose errors are errors")
  func device() throws {
    let full = URL(filePath: "/dev/full")
    #expect {
      try WholeFile.write(Data("x".utf8), to: full)
    } throws: {
      ($0 as? FileError)?.reason == "No space left on device"
    }
    var status = stat()
    #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("row by row cannot be settled once somebody has removed, moved or replaced it")
  func settles() throws {
    for away: (URL) throws -> Void in [
      { try FileManager.default.removeItem(at: $0) },
      { try FileManager.default.moveItem(at: $0, to: $0.appendingPathExtension("old")) },
      { try WholeFile.write(Data("else".utf8), to: $0) },
    ] {
      try withFolder { folder in
        let url = folder.appending(path: "rows")
        let file = try AppendedFile(url, beginning: Data("a\n".utf8))
        try file.append(Data("b\n".utf8))
        try file.settle()
        #expect(try text(url) == "a\nb\n")
        try away(url)
        #expect(throws: FileError.self) { try file.settle() }
      }
    }
  }

  @Test("continues behind its end, and never through a link")
  func continues() throws {
    try withFolder { folder in
      let (file, link) = (folder.appending(path: "file"), folder.appending(path: "link"))
      try AppendedFile(file, beginning: Data("a".utf8)).append(Data("b".utf8))
      try AppendedFile(continuing: file).append(Data("c".utf8))
      #expect(try text(file) == "abc")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      #expect(throws: FileError.self) { try AppendedFile(continuing: link) }
    }
  }

  @Test("is locked for one owner, who is named, until he lets go")
  func lock() throws {
    try withFolder { folder in
      let file = folder.appending(path: "lock")
      do {
        let lock = try FileLock(file, waits: false)
        defer { withExtendedLifetime(lock) {} }
        #expect {
          try FileLock(file, waits: false)
        } throws: {
          guard case FileLock.Refusal.held(let owner) = $0 else { return false }
          return owner.hasPrefix("process \(getpid()), since 2")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: file.path()))
      // What a killed owner leaves says nothing.
      try Data("process 1, since 2026-01-01T00:00:00Z\n".utf8).write(to: file)
      _ = try FileLock(file, waits: false)
    }
  }

  @Test("is changed by many at once without a change lost")
  func waits() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, lock) = (folder.appending(path: "count"), folder.appending(path: "lock"))
    try WholeFile.write(Data("0".utf8), to: file)
    let threads = (0..<4).map { _ in
      Task.detached {
        for _ in 0..<25 {
          let owned = try FileLock(lock, waits: true)
          let count = Int(try String(contentsOf: file, encoding: .utf8)) ?? -1000
          try WholeFile.write(Data(String(count + 1).utf8), to: file)
          withExtendedLifetime(owned) {}
        }
      }
    }
    for thread in threads { try await thread.value }
    #expect(try text(file) == "100")
  }
}
