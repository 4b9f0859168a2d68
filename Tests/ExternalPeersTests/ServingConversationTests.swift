// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Children

@Suite("Conversations with convscope serve")
struct ServingConversationTests {
  @Test("a pool of another size on the same CPUs is another pool")
  func pools() throws {
    let conversation = try Conversation()
    let cpus = Surroundings.affinity()
    let first = [cpus[0]]
    try #require(try conversation.prepare(workers: 1, cpus: first)["handle"] != nil)
    // More workers than CPUs, behind a pool on these CPUs.
    let refused = try conversation.prepare(workers: 2, cpus: first)
    #expect(refused["error"] as? String == "workers is 2; accepted are 1 to 1, as cpus names 1")
    for workers in [0, -1, Int.min, Int.max] {
      let error = try conversation.prepare(workers: workers, cpus: cpus)["error"] as? String
      #expect(error?.hasPrefix("workers is \(workers); accepted are 1 to ") == true)
    }
    let none = try conversation.prepare(workers: 1, cpus: [])["error"] as? String
    #expect(none?.hasPrefix("cpus is an empty list; accepted are") == true, "\(none ?? "no error")")
    let twice = try conversation.prepare(workers: 2, cpus: [cpus[0], cpus[0]])["error"] as? String
    #expect(twice?.contains("each CPU once") == true)
    let beyond = try conversation.prepare(workers: 1, cpus: [1 << 40])["error"] as? String
    #expect(beyond?.contains("cannot be pinned") == true, "\(beyond ?? "no error")")
    if cpus.count > 1 {
      for workers in [1, 2, 1] {
        let reply = try conversation.prepare(workers: workers, cpus: Array(cpus.prefix(2)))
        let handle = try #require(reply["handle"] as? Int, "\(reply)")
        let run = try conversation.ask(["do": "run", "handle": handle, "iterations": 3])
        #expect(run["time_ns"] is NSNumber)
      }
    }
    #expect(try conversation.end() == 0)
  }

  @Test("a problem is refused whose output is another than its sizes give")
  func contradiction() throws {
    let conversation = try Conversation()
    let cpus = Array(Surroundings.affinity().prefix(1))
    for key in ["out_height", "out_width"] {
      var request = DrawnRequests.prepare(workers: 1, cpus: cpus)
      var problem = DrawnRequests.problem
      problem[key] = 9
      request["problem"] = problem
      let error = try conversation.ask(request)["error"] as? String
      #expect(error?.contains("\(key) is 9, but") == true, "\(error ?? "no error")")
    }
    #expect(try conversation.end() == 0)
  }

  @Test("the code of a served build lies in memory of its own, not in the pages of its file")
  func codePages() throws {
    let conversation = try Conversation()
    _ = try conversation.ask(["do": "hello"])
    let maps = try String(contentsOfFile: "/proc/\(conversation.identifier)/maps", encoding: .utf8)
    let lines = maps.split(separator: "\n")
    let ofProgram = lines.filter { $0.hasSuffix("/convscope") }
    #expect(!ofProgram.isEmpty)
    #expect(ofProgram.allSatisfy { !$0.contains("r-xp") }, "\(ofProgram)")
    #expect(try conversation.end() == 0)
  }

  @Test("whatever a harness says, there is an answer", arguments: 1...8 as ClosedRange<UInt64>)
  func drawn(seed: UInt64) throws {
    var draw = DrawnRequests(seed: seed, cpus: Surroundings.affinity())
    let conversation = try Conversation()
    for number in 0..<60 {
      let request = draw.next()
      let reply = try conversation.ask(request)
      #expect(reply["convscope"] as? Int == 1, "seed \(seed), request \(number): \(request)")
      if let handle = reply["handle"] as? Int { draw.handles.append(handle) }
    }
    let hello = try conversation.ask(["do": "hello"])
    #expect(hello["name"] as? String == "convscope", "seed \(seed)")
    #expect(try conversation.end() == 0, "seed \(seed)")
  }
}

/// A process of `convscope serve` and what is said to it.
private final class Conversation {
  private let process: ChildProcess
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  private var lastID = 0

  var identifier: Int32 { process.identifier }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for count in [0, 1, 72, 200, 288] {
      try Data(count: 4 * count).write(to: folder.appending(path: "\(count).f32"))
    }
    var command = Command([TestProgram.url.path(), "serve", "--untuned"])
    (command.input, command.output) = (.pipe, .pipe)
    // A path that is none of a folder leads here.
    command.folder = folder.path()
    process = try ChildProcess(command)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A problem of 2 channels of 10 by 10: 200 values in, 4 out channels by 2 by 3 by 3 weights.
  func prepare(workers: Int, cpus: [Int]) throws -> [String: Any] {
    try ask(DrawnRequests.prepare(workers: workers, cpus: cpus))
  }

  /// The reply to a request; texts that begin with `@` are files of this conversation.
  func ask(_ fields: [String: Any]) throws -> [String: Any] {
    lastID += 1
    var request: [String: Any] = ["convscope": 1, "id": lastID]
    for (key, value) in fields {
      request[key] = (value as? String).map { inFolder($0) } ?? value
    }
    var line = try JSONSerialization.data(withJSONObject: request)
    line.append(UInt8(ascii: "\n"))
    var left = line[...]
    while !left.isEmpty {
      let written = left.withUnsafeBytes { write(process.input, $0.baseAddress, $0.count) }
      guard written >= 0 || errno == EAGAIN else { throw ConversationEnd(line: "") }
      left = left.dropFirst(max(0, written))
    }
    let object = try JSONSerialization.jsonObject(with: try readLine())
    return try #require(object as? [String: Any])
  }

  private func inFolder(_ text: String) -> String {
    guard text.hasPrefix("@") else { return text }
    return folder.appending(path: String(text.dropFirst())).path(percentEncoded: false)
  }

  private func readLine() throws -> Data {
    var line = Data()
    while true {
      var byte: UInt8 = 0
      switch read(process.output, &byte, 1) {
      case 1 where byte == UInt8(ascii: "\n"): return line
      case 1: line.append(byte)
      case -1 where errno == EAGAIN:
        _ = process.news(from: [process.output], until: .now + .seconds(1))
      default: throw ConversationEnd(line: String(decoding: line, as: UTF8.self))
      }
    }
  }

  /// Says goodbye; the exit code.
  func end() throws -> Int32 {
    _ = try ask(["do": "quit"])
    process.wait(.seconds(600))
    guard case .exited(let code)? = process.ending else { return -1 }
    return Int32(clamping: code)
  }
}

/// The process ended instead of answering.
private struct ConversationEnd: Error {
  var line: String
}

/// Requests that are mostly nearly right.
private struct DrawnRequests {
  var handles: [Int] = []
  private var generator: SeededGenerator
  private let cpus: [Int]

  init(seed: UInt64, cpus: [Int]) {
    generator = SeededGenerator(seed: seed)
    self.cpus = cpus
  }

  static let problem: [String: Int] = [
    "groups": 1, "batch": 1, "in_channels": 2, "in_height": 10, "in_width": 10,
    "out_channels": 4, "out_height": 8, "out_width": 8, "kernel_height": 3, "kernel_width": 3,
    "stride_height": 1, "stride_width": 1, "pad_top": 0, "pad_left": 0, "pad_bottom": 0,
    "pad_right": 0, "dilation_height": 1, "dilation_width": 1,
  ]

  static func prepare(workers: Int, cpus: [Int]) -> [String: Any] {
    [
      "do": "prepare", "problem": problem, "input_path": "@200.f32", "filter_path": "@72.f32",
      "workers": workers, "cpus": cpus,
    ]
  }

  mutating func next() -> [String: Any] {
    var request = drawn()
    // One field in a few requests is not what it should be, or is not there.
    if one(of: 3) == 0, let key = request.keys.sorted().randomElement(using: &generator) {
      request[key] = odd()
    }
    return request
  }

  private mutating func drawn() -> [String: Any] {
    switch one(of: 8) {
    case 0...3: return preparing()
    case 4: return ["do": "run", "handle": handle(), "iterations": 1 + one(of: 20)]
    case 5: return ["do": "output", "handle": handle(), "path": "@output.f32"]
    case 6: return ["do": "release", "handle": handle()]
    default: return ["do": ["hello", "dance", "prepare"][one(of: 3)]]
    }
  }

  private mutating func preparing() -> [String: Any] {
    let some = cpus.shuffled(using: &generator).prefix(one(of: cpus.count + 1))
    var request = Self.prepare(workers: one(of: 4), cpus: Array(some))
    request["bias"] = one(of: 4) == 0
    request["relu"] = one(of: 2) == 0
    request["bias_path"] = "@1.f32"
    guard one(of: 2) == 0 else { return request }
    var problem: [String: Any] = Self.problem
    for _ in 0...one(of: 3) {
      guard let key = problem.keys.sorted().randomElement(using: &generator) else { break }
      problem[key] = one(of: 4) == 0 ? odd() : one(of: 5)
    }
    request["problem"] = problem
    return request
  }

  private mutating func handle() -> Int { handles.randomElement(using: &generator) ?? one(of: 3) }

  private mutating func odd() -> Any {
    let values: [Any] = [
      0, -1, Int.max, Int.min, 1 << 28, 1 << 40, 1e300, "text", "@none.f32", "/dev/zero",
      "/dev/full",
      "", true, NSNull(), [Int](), ["a": 1] as [String: Any], [0, 0], [-1], [1 << 20],
    ]
    return values[one(of: values.count)]
  }

  private mutating func one(of count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
}
