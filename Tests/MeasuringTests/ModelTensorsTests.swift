// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Suites
import Testing

@testable import Measuring

@Suite("The tensors of a model")
struct ModelTensorsTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "model-tensors-\(UUID().uuidString)")

  /// A convolution, a constant, and their sum.
  private func graph() throws -> OperationGraph {
    var graph = OperationGraph(
      input: ActivationShape(batch: 1, channels: 2, extent: Extent(2, 2)), hasOwnWeights: true)
    let problem = try ProblemDescriptor.parse("ic2ih2oc1kh1").problem
    try graph.append("a", .convolution(problem, hasBias: true), reading: ["input"])
    try graph.append(
      "k", .constant(ActivationShape(batch: 1, channels: 1, extent: Extent(1, 2))), reading: [])
    try graph.append("y", .combination(.add), reading: ["a", "k"])
    return graph
  }

  private func write(_ values: [Float], as name: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appending(path: name)
    try values.withUnsafeBytes { Data($0) }.write(to: url)
    return url.path(percentEncoded: false)
  }

  private func files(weights: [Float], input: [Float]) throws -> ModelFiles {
    ModelFiles(
      weights: try write(weights, as: "w"), input: try write(input, as: "i"),
      expected: try write([1, 2, 3, 4], as: "e"), checked: ["y"],
      outputs: try write([5, 6], as: "o"), model: "", inputs: [], results: [])
  }

  @Test("are read node after node: filter, bias, constants")
  func read() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let graph = try graph()
    let files = try files(weights: [0.5, 1, 2, 3, 4], input: Array(0..<8).map { Float($0) })
    let tensors = try ModelTensors(graph, files)
    #expect(tensors.input == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(tensors.weights.ofNodes[0]?.filter == [0.5, 1])
    #expect(tensors.weights.ofNodes[0]?.bias == [2])
    #expect(tensors.weights.ofNodes[1...].allSatisfy { $0 == nil })
    #expect(tensors.weights.constants == [1: [3, 4]])
    #expect(try ModelTensors.expected(graph, files) == ["y": [1, 2, 3, 4]])
    #expect(try ModelTensors.outputs(files) == [5, 6])
  }

  @Test("are refused where a file is missing or of another size")
  func refused() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let graph = try graph()
    let few = try files(weights: [0.5, 1, 2, 3], input: [1])
    #expect(throws: SubjectFailure.self) { try ModelTensors(graph, few) }
    var gone = try files(weights: [0.5, 1, 2, 3, 4], input: Array(repeating: 1, count: 8))
    _ = try ModelTensors(graph, gone)
    gone.input += "-gone"
    #expect(throws: SubjectFailure.self) { try ModelTensors(graph, gone) }
  }

  @Test("differ by a relative rms from what another runtime gives, and are wrong above a limit")
  func peer() {
    let right = Verification(
      output: [1, 2, 2.0001], expected: [1, 2, 2], largestError: 1e-4, source: "other")
    #expect(right.outcome == .correct)
    #expect(abs(right.relativeRMSError - 1e-4 / 3) < 1e-7)
    let wrong = Verification(
      output: [1, 2, 2.001], expected: [1, 2, 2], largestError: 1e-4, source: "other")
    guard case .wrong(let text) = wrong.named("layer").outcome else {
      Issue.record("an error of 3e-4 passes")
      return
    }
    #expect(text.hasPrefix("layer: differs from other by a relative rms of 0.000333"))
    let nan = Verification(output: [.nan], expected: [1], largestError: 1e-4, source: "other")
    #expect(nan.outcome != .correct)
    let few = Verification(output: [1], expected: [1, 2], largestError: 1, source: "other")
    #expect(few.outcome != .correct)
  }
}
