// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@Suite("Activations and layouts")
struct ActivationTests {
  private static let layouts: [Layout] = [
    .nchw, .nhwc, .channelBlocked(lanes: 4), .channelBlocked(lanes: 8), .channelBlocked(lanes: 16),
  ]
  private static let shapes = [1, 3, 8, 17].map {
    ActivationShape(batch: 2, channels: $0, extent: Extent(3, 5))
  }

  @Test("What is loaded is what is read, in every layout", arguments: layouts, shapes)
  func roundTrip(layout: Layout, shape: ActivationShape) throws {
    let activation = try Activation(shape, layout: layout)
    let values = (0..<shape.count).map { Float($0 + 1) }
    activation.load(values)
    #expect(activation.values() == values)
  }

  @Test(
    "Every element has a place of its own, and what is left over stays zero", arguments: layouts,
    shapes)
  func places(layout: Layout, shape: ActivationShape) throws {
    let activation = try Activation(shape, layout: layout)
    activation.load((0..<shape.count).map { Float($0 + 1) })
    var seen: Set<Int> = []
    var plain = 0
    for image in 0..<shape.batch {
      for channel in 0..<shape.channels {
        for row in 0..<shape.extent.height {
          for column in 0..<shape.extent.width {
            let place = layout.index(
              shape, image: image, channel: channel, row: row, column: column)
            plain += 1
            #expect(activation.pointer[place] == Float(plain))
            #expect(seen.insert(place).inserted)
          }
        }
      }
    }
    #expect(activation.buffer.count == layout.count(shape))
    let leftOver = Set(activation.buffer.floats.indices).subtracting(seen)
    #expect(leftOver.allSatisfy { activation.buffer.floats[$0] == 0 })
  }

  @Test("Layouts lie as their names say")
  func knownPlaces() {
    let shape = ActivationShape(batch: 2, channels: 20, extent: Extent(3, 5))
    func place(_ layout: Layout) -> Int {
      layout.index(shape, image: 1, channel: 18, row: 2, column: 4)
    }
    #expect(place(.nchw) == ((1 * 20 + 18) * 3 + 2) * 5 + 4)
    #expect(place(.nhwc) == ((1 * 3 + 2) * 5 + 4) * 20 + 18)
    #expect(place(.channelBlocked(lanes: 16)) == (((1 * 2 + 1) * 3 + 2) * 5 + 4) * 16 + 2)
    #expect(Layout.channelBlocked(lanes: 16).count(shape) == 2 * 2 * 3 * 5 * 16)
    #expect(Self.layouts.map(\.name) == ["nchw", "nhwc", "nchw4c", "nchw8c", "nchw16c"])
  }

  @Test("Filling reaches the padding of the layout too")
  func fill() throws {
    let activation = try Activation(Self.shapes[1], layout: .channelBlocked(lanes: 16))
    activation.fill(.nan)
    #expect(activation.buffer.floats.allSatisfy { $0.isNaN })
  }

  @Test("Buffers begin on a page and hold zeros", arguments: [0, 1, 1023, 4097])
  func buffers(count: Int) throws {
    let buffer = try AlignedBuffer(count: count)
    #expect(Int(bitPattern: buffer.pointer) % AlignedBuffer.alignment == 0)
    #expect(buffer.count == count)
    #expect(buffer.floats.allSatisfy { $0 == 0 })
  }
}
