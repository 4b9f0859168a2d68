// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Convolution
import Testing

@testable import Peers

@Suite("im2col and OpenBLAS")
struct Im2colOpenBLASTests {
  @Test("any number of workers computes the same", arguments: EdgeProblems.descriptors, [1, 2, 5])
  func workersAgree(descriptor: String, workers: Int) throws {
    let seed: UInt64 = 0x1A2C
    let trial = PeerTrial.integers(
      ConvolutionOperation(
        try EdgeProblems.problem(descriptor), epilogue: Epilogue(hasBias: true, hasReLU: true)),
      seed: seed)
    let output = try trial.output(of: Im2colOpenBLAS(), workers: workers)
    #expect(output == trial.reference.values.map { Float($0) }, "seed \(seed)")
  }

  @Test("images larger than a block of pixels are cut and put together again")
  func blocksCoverTheImage() throws {
    let seed: UInt64 = 0xB10C
    let problem = try EdgeProblems.problem("ic128ih37oc20kh3ph1")
    #expect(Im2colBlocking(problem, workers: 1).pixelBlocks > 1)
    let trial = PeerTrial.integers(ConvolutionOperation(problem), seed: seed)
    let output = try trial.output(of: Im2colOpenBLAS(), workers: 3)
    #expect(output == trial.reference.values.map { Float($0) }, "seed \(seed)")
  }

  @Test("OpenBLAS computes on the calling thread and says which core it took")
  func libraryIsHeldToOneThread() {
    let description = OpenBLASLibrary.shared.description
    #expect(openblas_get_num_threads() == 1)
    #expect(description.hasPrefix("OpenBLAS "))
    #expect(description.split(separator: " ").count >= 3)
  }
}
