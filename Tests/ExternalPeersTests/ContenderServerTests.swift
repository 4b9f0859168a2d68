// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import ExternalPeers

@Suite("The server's side of the protocol")
struct ContenderServerTests {
  /// The answers to `lines`, as JSON objects.
  private func answers(_ engine: ReferenceEngine, to lines: [String]) throws -> [NSDictionary] {
    let replies = Pipe()
    defer { withExtendedLifetime(replies) {} }
    // From a file: a pipe takes no long line before somebody reads.
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let requests = try FileHandle(forReadingFrom: file)
    ContenderServer(
      engine, input: requests.fileDescriptor,
      output: replies.fileHandleForWriting.fileDescriptor
    ).serve()
    try replies.fileHandleForWriting.close()
    let text = String(decoding: replies.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary)
    }
  }

  /// A request to prepare an example, with its tensors in files of `directory`.
  private func prepare(_ example: Example, _ directory: TensorDirectory) throws -> String {
    var request = Request(id: 2, .prepare)
    request.problem = ProblemFields(example.operation.problem)
    request.bias = example.operation.epilogue.hasBias
    request.relu = example.operation.epilogue.hasReLU
    request.inputPath = try directory.write(example.input, as: "input")
    request.filterPath = try directory.write(example.weights.filter, as: "filter")
    request.biasPath = try directory.write(example.weights.bias, as: "bias")
    request.workers = 2
    request.cpus = [0, 1]
    return String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
  }

  @Test("says hello with every field, and ends at quit")
  func hello() throws {
    let replies = try answers(
      ReferenceEngine(),
      to: [
        #"{"convscope":1,"id":1,"do":"hello"}"#, #"{"convscope":1,"id":2,"do":"quit"}"#,
        #"{"convscope":1,"id":3,"do":"hello"}"#,
      ])
    #expect(
      replies == [
        [
          "convscope": 1, "id": 1, "name": "reference", "version": "1", "layouts": ["nchw"],
          "threads": "none", "clock": "made up", "accuracy": "fast", "error_bound": 0.25,
        ],
        ["convscope": 1, "id": 2],
      ])
  }

  @Test("prepares, computes, runs and releases", arguments: Example.all)
  func life(_ example: Example) throws {
    let engine = ReferenceEngine()
    let directory = TensorDirectory()
    let count = example.operation.problem.outputShape.count
    let path = try directory.reserve(bytes: 4 * count, as: "output")
    let replies = try answers(
      engine,
      to: [
        prepare(example, directory),
        #"{"convscope":1,"id":3,"do":"output","handle":7,"path":"\#(path)"}"#,
        #"{"convscope":1,"id":4,"do":"run","handle":7,"iterations":10}"#,
        #"{"convscope":1,"id":4,"do":"run","handle":7,"iterations":10,"warm_up":3}"#,
        #"{"convscope":1,"id":5,"do":"release","handle":7}"#,
        #"{"convscope":1,"id":6,"do":"run","handle":7,"iterations":10}"#,
      ])
    #expect(
      replies == [
        [
          "convscope": 1, "id": 2, "handle": 7, "layout": "nchw", "implementation": "sum",
          "accuracy": "exact",
        ],
        ["convscope": 1, "id": 3], ["convscope": 1, "id": 4, "time_ns": 15],
        ["convscope": 1, "id": 4, "time_ns": 15, "warm_up": 3],
        ["convscope": 1, "id": 5],
        ["convscope": 1, "id": 6, "error": "unknown(7)"],
      ])
    let output = try directory.take(path, count: count)
    #expect(example.verify(output, .exact).outcome == .correct)
    #expect(engine.lastWorkers == 2)
    #expect(engine.lastCPUs == [0, 1])
    #expect(engine.runs == [.init(iterations: 10, warmUp: nil), .init(iterations: 10, warmUp: 3)])
  }

  @Test("prepares entries of a plan, and says what is wrong with their output")
  func entries() throws {
    let engine = ReferenceEngine()
    engine.hello.plans = 3
    let replies = try answers(
      engine,
      to: [
        #"{"convscope":1,"id":1,"do":"hello"}"#,
        #"{"convscope":1,"id":2,"do":"prepare","entry":"block"}"#,
        #"{"convscope":1,"id":3,"do":"prepare","entry":"wrong","verify":true}"#,
        #"{"convscope":1,"id":4,"do":"prepare","entry":"wrong"}"#,
      ])
    #expect(replies[0]["plans"] as? Int == 3)
    #expect(
      replies.dropFirst() == [
        ["convscope": 1, "id": 2, "unsupported": "no block"],
        ["convscope": 1, "id": 3, "wrong": "off by one"],
        ["convscope": 1, "id": 4, "handle": 8],
      ])
  }

  @Test("refuses to release what was not prepared, or is gone")
  func releasedTwice() throws {
    let release = #"{"convscope":1,"id":5,"do":"release","handle":9}"#
    let replies = try answers(ReferenceEngine(), to: [release])
    #expect(replies == [["convscope": 1, "id": 5, "error": "unknown(9)"]])
  }

  @Test("says why it cannot compute a problem")
  func unsupported() throws {
    let request = try prepare(Example("three images", batch: 3), TensorDirectory())
    // The folder is gone by now, and with it the files: the error names one.
    let replies = try answers(ReferenceEngine(), to: [request])
    #expect((replies.first?["error"] as? String)?.contains("input") == true)
    let directory = TensorDirectory()
    let again = try answers(
      ReferenceEngine(), to: [prepare(Example("three images", batch: 3), directory)])
    #expect(again == [["convscope": 1, "id": 2, "unsupported": "too many images"]])
    directory.remove()
  }

  @Test(
    "answers a bad request with an error, and goes on",
    arguments: [
      ("nonsense", "the request is not understood"),
      (#"{"convscope":1,"id":9,"do":"dance"}"#, "the request is not understood"),
      (#"{"convscope":2,"id":9,"do":"hello"}"#, "protocol version 2; accepted is 1"),
      (#"{"convscope":1,"id":9,"do":"run","handle":7}"#, "the key ‘iterations’ is missing"),
      (
        #"{"convscope":1,"id":9,"do":"run","handle":7,"iterations":0}"#,
        "iterations is 0; accepted are 1 to 1000000000"
      ),
      (
        #"{"convscope":1,"id":9,"do":"run","handle":7,"iterations":9223372036854775807}"#,
        "accepted are 1 to 1000000000"
      ),
      (
        #"{"convscope":1,"id":9,"do":"hello","id":9}"#,
        "‘id’ is not accepted: the key is given twice"
      ),
      ("", "no JSON object"), (String(repeating: "[", count: 100_000), "no JSON object"),
      (String(repeating: "x", count: 2 << 20), "a request has more than 1048576 bytes"),
      (
        #"{"convscope":1,"id":9,"do":"run","handle":7,"iterations":1,"warm_up":-1}"#,
        "warm_up is -1; accepted are 0 to 1000000000"
      ),
      (#"{"convscope":1,"id":9,"do":"output","path":"/x"}"#, "the key ‘handle’ is missing"),
      (#"{"convscope":1,"id":9,"do":"prepare"}"#, "the key ‘problem’ is missing"),
      (#"{"convscope":1,"id":9,"do":"prepare","then":[]}"#, "‘then’ is not served"),
      (
        #"{"convscope":1,"id":9,"do":"prepare","model":{"path":"x","inputs":[],"results":[]}}"#,
        "‘model’ is not served"
      ),
    ])
  func badRequest(_ line: String, _ message: String) throws {
    let replies = try answers(
      ReferenceEngine(), to: [line, #"{"convscope":1,"id":10,"do":"quit"}"#])
    #expect(replies.count == 2)
    #expect((replies.first?["error"] as? String)?.contains(message) == true, "\(replies)")
    #expect(replies.last == ["convscope": 1, "id": 10])
  }
}
