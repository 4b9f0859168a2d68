// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Convolution
import Testing

@testable import Peers

@Suite("im2col and OpenBLAS")
struct Im2colOpenBLASTests {
  @Test(
    "sums of small integers are exact for any number of workers",
    arguments: EdgeProblems.descriptors, [1, 2, 5])
  func integersAreExact(descriptor: String, workers: Int) throws {
    var generator = SeededGenerator(seed: 0x1A2C)
    let operation = ConvolutionOperation(
      try EdgeProblems.problem(descriptor), epilogue: Epilogue(hasBias: true, hasReLU: true))
    let trial = PeerTrial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    let output = try trial.output(of: Im2colOpenBLAS(), workers: workers)
    #expect(output == trial.reference.values.map { Float($0) }, "seed \(generator.seed)")
  }

  @Test("random data stays within the bound of summation", arguments: EdgeProblems.descriptors)
  func randomDataStaysWithinBound(descriptor: String) throws {
    var generator = SeededGenerator(seed: 0x0B1A5)
    let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
    let trial = PeerTrial(operation) { Float.random(in: -1...1, using: &generator) }
    let variant = Im2colOpenBLAS()
    let verification = Verification(
      output: try trial.output(of: variant, workers: 2), reference: trial.reference,
      bound: variant.errorBound(operation), shape: operation.problem.outputShape)
    #expect(verification.outcome == .correct, "seed \(generator.seed)")
  }

  @Test("images larger than a block of pixels are cut and put together again")
  func blocksCoverTheImage() throws {
    var generator = SeededGenerator(seed: 0xB10C)
    let problem = try EdgeProblems.problem("ic128ih37oc20kh3ph1")
    #expect(Im2colBlocking(problem, workers: 1).pixelBlocks > 1)
    let trial = PeerTrial(ConvolutionOperation(problem)) {
      Float(Int.random(in: -4...4, using: &generator))
    }
    let output = try trial.output(of: Im2colOpenBLAS(), workers: 3)
    #expect(output == trial.reference.values.map { Float($0) }, "seed \(generator.seed)")
  }

  @Test("OpenBLAS computes on the calling thread and says which core it took")
  func libraryIsHeldToOneThread() {
    let description = OpenBLASLibrary.shared.description
    #expect(openblas_get_num_threads() == 1)
    #expect(description.hasPrefix("OpenBLAS "))
    #expect(description.split(separator: " ").count >= 3)
  }
}

@Suite("Blocking of im2col")
struct Im2colBlockingTests {
  @Test(
    "blocks cover pixels and channels once", arguments: EdgeProblems.descriptors, [1, 2, 7, 64])
  func blocksPartition(descriptor: String, workers: Int) throws {
    let problem = try EdgeProblems.problem(descriptor)
    let blocking = Im2colBlocking(problem, workers: workers)
    let pixels = (0..<blocking.pixelBlocks).flatMap { Array(blocking.pixels($0)) }
    let channels = (0..<blocking.channelBlocks).flatMap { Array(blocking.channels($0)) }
    #expect(pixels == Array(0..<problem.output.area))
    #expect(channels == Array(0..<problem.outChannelsPerGroup))
  }

  @Test("a single small product is cut so that all workers have a share")
  func smallProductsAreShared() throws {
    let deep = try EdgeProblems.problem("ic512ih7oc512kh3ph1")
    #expect(Im2colBlocking(deep, workers: 1).tasks == 1)
    #expect(Im2colBlocking(deep, workers: 2).tasks % 2 == 0)
    let wide = try EdgeProblems.problem("ic64ih56oc16kh1")
    #expect(Im2colBlocking(wide, workers: 4).tasks % 4 == 0)
  }
}
