// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A copy of activations into a range of channels of others, from any layout into any.
///
/// It is what a concatenation needs where channels do not fall on blocks of the layout. One task
/// is one channel of one image.
public final class PartCopy {
  private let source: Activation
  private let target: Activation

  /// A copy from `source` to `target`.
  /// - Requires: equal shapes.
  public init(from source: Activation, to target: Activation) {
    precondition(source.shape == target.shape)
    self.source = source
    self.target = target
  }

  /// The copy as a phase; whoever runs it keeps the copy.
  public func phase(_ name: String) -> Phase {
    Phase(
      name: name, tasks: source.shape.batch * source.shape.channels,
      context: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()),
      run: { context, first, end, _ in
        let copy = Unmanaged<PartCopy>.fromOpaque(context).takeUnretainedValue()
        for task in first..<end { copy.copyChannel(task) }
      })
  }

  private func copyChannel(_ task: Int) {
    let shape = source.shape
    let (image, channel) = task.quotientAndRemainder(dividingBy: shape.channels)
    let from = source.layout.columnStep(source.whole)
    let to = target.layout.columnStep(target.whole)
    for row in 0..<shape.extent.height {
      let start = source.index(image: image, channel: channel, row: row, column: 0)
      let end = target.index(image: image, channel: channel, row: row, column: 0)
      for column in 0..<shape.extent.width {
        target.buffer.pointer[end + column * to] = source.buffer.pointer[start + column * from]
      }
    }
  }
}
