// SPDX-License-Identifier: Apache-2.0

import Children
import Convolution
import Foundation
import Testing

@testable import ExternalPeers

@Suite("A contender that keeps to the protocol")
struct ExternalContenderTests {
  @Test("computes what the reference computes", arguments: Example.all)
  func correctOutput(_ example: Example) throws {
    let contender = try Fixture.honest()
    let handle = try contender.prepare(example)
    let output = try contender.output(handle)
    #expect(example.verify(output, handle.accuracy).outcome == .correct)
    #expect(try contender.run(handle, iterations: 3) > 0)
    contender.release(handle)
    contender.close()
  }

  @Test("computes convolutions that follow each other, where it says that it can")
  func chain() throws {
    let contender = try Fixture.honest()
    #expect(contender.hello.hasChains)
    let first = try Example("first", relu: true)
    let problem = try ConvolutionProblem(
      groups: 2, batch: 1, inChannels: 8, outChannels: 6,
      input: first.operation.problem.output, kernel: Extent(1, 1), stride: Extent(1, 1),
      padding: Padding(0, 0), dilation: Extent(1, 1))
    let second = ConvolutionOperation(problem, epilogue: Epilogue())
    let weights = Weights(
      second, filter: (0..<problem.filterCount).map { Float($0 % 5 - 2) })
    let handle = try contender.prepare(
      [first.operation, second], input: first.input, weights: [first.weights, weights], workers: 1)
    let between = ReferenceConvolution(
      first.operation, input: first.input, weights: first.weights)
    let last = ReferenceConvolution(
      second, input: between.values.map { Float($0) }, weights: weights)
    // Sums of small integers are exact.
    #expect(try contender.output(handle).map { Double($0) } == last.values)
    #expect(try contender.run(handle, iterations: 2) > 0)
    let other = try Fixture.counting("new")
    #expect(
      throws: ExternalError.unsupported(reason: "counting computes single convolutions only")
    ) {
      try other.prepare(
        [first.operation, second], input: first.input, weights: [first.weights, weights],
        workers: 1)
    }
  }

  @Test(
    "computes other types than 32-bit floats, where it says that it can", arguments: [false, true])
  func integers(relu: Bool) throws {
    var example = try Example("integers", groups: 2, bias: true, relu: relu)
    example.operation.problem.dataType = .u8s8
    example.input = example.input.map { 131 + 30 * $0 }
    example.weights = Weights(
      example.operation, filter: example.weights.filter.map { 31 * $0 },
      bias: example.weights.bias.map { 1000 * $0 },
      // Exact in whichever precision, and without ties.
      quantization: Quantization(
        inputZero: 119, outputZero: 121, scales: (0..<8).map { Float(2 * $0 + 1) * 0x1p-12 }))
    let contender = try Fixture.integers()
    let handle = try contender.prepare(example)
    let output = try contender.output(handle)
    let reference = ReferenceConvolution(
      example.operation, input: example.input, weights: example.weights)
    #expect(output.map { Double($0) } == reference.values)
    #expect(Set(output).count > 20)
    // One may round once more, and not twice.
    let bound = handle.accuracy.errorBound(example.operation)
    #expect(bound.limit(1, value: 200) == 1)
    #expect(
      throws: ExternalError.unsupported(reason: "integers computes u8:s8:u8 here, not f32")
    ) { try contender.prepare(try Example("floats")) }
    let honest = try Fixture.honest()
    #expect(
      throws: ExternalError.unsupported(reason: "honest computes f32 here, not u8:s8:u8")
    ) { try honest.prepare(example) }
  }

  @Test("computes whole networks, where it says that it can")
  func model() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try [Float](arrayLiteral: 1, -2, 3).withUnsafeBytes { Data($0) }.write(to: url)
    let model = ModelFields(
      path: "net.onnx",
      inputs: [
        .init(name: "x", path: url.path(percentEncoded: false), shape: [3], type: "float32")
      ], results: ["y", "z"])
    let contender = try Fixture.doubling()
    #expect(contender.hello.hasModels)
    let handle = try contender.prepare(model, outputCount: 3, macs: 1, workers: 1)
    #expect(handle.implementation == "y,z")
    #expect(try contender.output(handle) == [2, -4, 6])
    #expect(try contender.run(handle, iterations: 1) > 0)
    let fast = try contender.prepare(model, outputCount: 3, macs: 1 << 40, workers: 1)
    #expect(throws: ExternalError.self) { try contender.run(fast, iterations: 1) }
    let honest = try Fixture.honest()
    #expect(
      throws: ExternalError.unsupported(
        reason: "honest computes convolutions only, and no whole networks")
    ) { try honest.prepare(model, outputCount: 3, macs: 1, workers: 1) }
  }

  @Test("says who it is and what it measures")
  func hello() throws {
    let contender = try Fixture.honest()
    #expect(contender.hello.name == "honest")
    #expect(contender.hello.version == "1")
    #expect(contender.hello.layouts == ["nchw"])
    #expect(contender.hello.threads == "one, whatever the number of workers")
    #expect(contender.hello.clock.hasPrefix("inside: the loops"))
    #expect(contender.hello.accuracy == .exact)
  }

  @Test("keeps several problems ready, so that their rounds interleave")
  func interleaving() throws {
    let contender = try Fixture.honest()
    let handles = try Example.all.map { try contender.prepare($0) }
    #expect(Set(handles.map(\.number)).count == handles.count)
    for _ in 0..<2 {
      for (handle, example) in zip(handles, Example.all).reversed() {
        #expect(try contender.run(handle, iterations: 1) > 0)
        let output = try contender.output(handle)
        #expect(example.verify(output, handle.accuracy).outcome == .correct)
      }
    }
  }

  @Test("refuses what it cannot compute, and goes on")
  func unsupported() throws {
    let contender = try Fixture.honest()
    let many = try Example("three images", batch: 3)
    #expect(throws: ExternalError.unsupported(reason: "more than two images")) {
      try contender.prepare(many)
    }
    #expect(contender.failure == nil)
    _ = try contender.prepare(Example.all[0])
  }

  @Test("cannot be asked after it was closed")
  func closed() throws {
    let contender = try Fixture.honest()
    let handle = try contender.prepare(Example.all[0])
    contender.close()
    #expect(throws: ExternalError.closed) { try contender.run(handle, iterations: 1) }
    contender.close()
  }

  @Test("ends by itself after quit, and leaves neither process nor pipe nor file")
  func nothingLeft() throws {
    var command = Command(["cat"])
    (command.input, command.output, command.error) = (.pipe, .pipe, .pipe)
    let child = try ChildProcess(command)
    let pipes = [child.input, child.output, child.error].map { Surroundings.pipe($0) }
    #expect(pipes.allSatisfy { Surroundings.openFiles().contains($0) })
    child.terminate(grace: .seconds(1))
    #expect(pipes.allSatisfy { !Surroundings.openFiles().contains($0) })
    #expect(!Surroundings.exists(child.identifier))
  }

  @Test("runs on the CPUs that it is given, in a group of its own, with nothing inherited")
  func surroundings() throws {
    let neighbour = try Fixture.honest()
    let before = Surroundings.affinity()
    let cpu = try #require(before.last)
    let contender = try Fixture.faulty("Surroundings", cpus: [cpu])
    #expect(
      contender.hello.threads == #"{"cpus": [\#(cpu)], "files": [0, 1, 2], "group": true}"#)
    #expect(Surroundings.affinity() == before)
    neighbour.close()
  }
}
