// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@testable import KernelCatalog

@Suite("How rows of a direct convolution are cut into sweeps")
struct DirectColumnsTests {
  private func sweeps(
    _ descriptor: String, pixels: Int, edgePixels: Int
  ) throws -> [DirectSweep] {
    let problem = try ProblemDescriptor.parse(descriptor).problem
    let geometry = DirectGeometry(
      problem, input: .channelBlocked(lanes: 16), output: .channelBlocked(lanes: 16), lanes: 16)
    var columns = DirectColumns(geometry)
    _ = columns.append(0..<problem.output.width, pixels: pixels, edgePixels: edgePixels)
    return columns.sweeps
  }

  @Test("Taps that the first or the last pixel has not are summed with the others, in one sweep")
  func edges() throws {
    let all = try sweeps("ic16ih7oc16kh3ph1", pixels: 7, edgePixels: 7)
    let one = try #require(all.first)
    #expect(all.count == 1 && one.clears && one.finishes && one.firstPixel == 0)
    #expect((one.firstTap, one.taps, one.before, one.after) == (0, 3, 1, 1))
    // With a stride of 2, the last of an even row reads up to the last column.
    let strided = try sweeps("ic16ih8oc16kh3sh2ph1", pixels: 7, edgePixels: 7)
    #expect(strided.count == 1 && strided[0].before == 1 && strided[0].after == 0)
  }

  @Test("Larger tiles and farther taps have sweeps of their own, which wait for each other")
  func apart() throws {
    let large = try sweeps("ic16ih7oc16kh3ph1", pixels: 7, edgePixels: 6)
    #expect(large.map(\.taps) == [0, 1, 1, 1] && large.allSatisfy { $0.before + $0.after == 0 })
    let far = try sweeps("ic16ih7oc16kh5ph2", pixels: 7, edgePixels: 7)
    #expect(far.map(\.taps) == [0, 1, 1, 3] && far.map(\.before) == [0, 0, 0, 1])
    #expect(far.map(\.clears) == [true, false, false, false] && far[3].finishes)
  }

  @Test("A tile inside of the row does not join the one at its border")
  func inside() throws {
    let all = try sweeps("ic16ih28oc16kh3ph1", pixels: 7, edgePixels: 7)
    #expect(all.map(\.tiles) == [1, 2, 1] && all.map(\.before) == [1, 0, 0])
    #expect(all.map(\.after) == [0, 0, 1] && all.map(\.firstPixel) == [0, 7, 21])
  }

  @Test(
    "Every output begins and ends once, with each product inside of the image",
    arguments: [2, 3, 7, 14])
  func products(pixels: Int) throws {
    for descriptor in [
      "ic16ih13oc16kh3ph1", "ic16ih12oc16kh3sh2ph1", "ic16ih9oc16kh5ph2", "ic16ih9oc16kh3ph2dh1",
      "ic16ih3oc16kh7ph3", "ic16ih4oc16kh2ph1", "ic16ih1oc16kh3ph1", "ic16ih9oc16kh1sh3ph1",
      "ic16ih4oc16kh1ph2",
    ] {
      let problem = try ProblemDescriptor.parse(descriptor).problem
      let all = try sweeps(descriptor, pixels: pixels, edgePixels: pixels)
      var (found, begun, ended): ([Int: Int], [Int: Int], [Int: Int]) = ([:], [:], [:])
      for sweep in all {
        for pixel in 0..<sweep.pixels * sweep.tiles {
          let isFirst = pixel % sweep.pixels == 0
          let isLast = pixel % sweep.pixels == sweep.pixels - 1
          if sweep.clears { begun[sweep.firstPixel + pixel, default: 0] += 1 }
          if sweep.finishes { ended[sweep.firstPixel + pixel, default: 0] += 1 }
          found[sweep.firstPixel + pixel, default: 0] +=
            sweep.taps - (isFirst ? sweep.before : 0) - (isLast ? sweep.after : 0)
        }
      }
      for column in 0..<problem.output.width {
        let inside = (0..<problem.kernel.width).count {
          let place =
            column * problem.stride.width + $0 * problem.dilation.width - problem.padding.left
          return (0..<problem.input.width).contains(place)
        }
        #expect(found[column, default: 0] == inside, "\(descriptor), \(column)")
        #expect(begun[column] == 1 && ended[column] == 1, "\(descriptor), \(column)")
      }
    }
  }
}
