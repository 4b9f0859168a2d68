// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@Suite("Conversion between layouts")
struct LayoutConversionTests {
  static let layouts: [Layout] = [
    .nchw, .nhwc, .channelBlocked(lanes: 4), .channelBlocked(lanes: 8), .channelBlocked(lanes: 16),
  ]
  /// Around the four channels and pixels of a square, the 16 of a tile and of a task.
  static let extents = [
    Extent(1, 1), Extent(1, 3), Extent(2, 2), Extent(1, 5), Extent(3, 5), Extent(4, 4),
    Extent(1, 17), Extent(7, 9),
  ]

  @Test("every element arrives, nothing else is written", arguments: layouts, layouts)
  func copies(from: Layout, to: Layout) throws {
    for extent in Self.extents {
      for channels in [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33] {
        let shape = ActivationShape(batch: 2, channels: channels, extent: extent)
        let source = try Activation(shape, layout: from, isGuarded: true)
        let target = try Activation(shape, layout: to, isGuarded: true)
        let values = (1...shape.count).map { Float($0) }
        source.load(values)
        run(LayoutConversion(from: source, to: target))
        let message = Comment(rawValue: "\(from.name) → \(to.name), \(shape)")
        #expect(target.values() == values, message)
        #expect(target.buffer.guardsAreIntact, message)
        // Lanes without a channel stay zero, as the next layer expects.
        let zeros = target.buffer.floats.count { $0 == 0 }
        #expect(zeros == target.buffer.count - shape.count, message)
      }
    }
  }

  /// The last tasks first: they must not depend on each other.
  private func run(_ conversion: LayoutConversion) {
    for phase in conversion.prepared().phases {
      for task in (0..<phase.tasks).reversed() { phase.run(phase.context, task, task + 1, 0) }
    }
  }
}
