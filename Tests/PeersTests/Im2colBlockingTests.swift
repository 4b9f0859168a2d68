// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import Peers

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
