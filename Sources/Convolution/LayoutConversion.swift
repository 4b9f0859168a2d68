// SPDX-License-Identifier: Apache-2.0

/// A copy of activations into another layout, as an operation that can be run and timed.
///
/// It stands between two steps of a chain whose variants use different layouts: a cost that a
/// framework would have too. One task is one channel of one image.
public final class LayoutConversion {
  private let source: Activation
  private let target: Activation

  /// A conversion from `source` to `target`.
  /// - Requires: equal shapes.
  public init(from source: Activation, to target: Activation) {
    precondition(source.shape == target.shape)
    self.source = source
    self.target = target
  }

  /// The conversion as an operation of one phase.
  public func prepared() -> PreparedOperation {
    let phase = Phase(
      name: "reorder", tasks: source.shape.batch * source.shape.channels,
      context: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()),
      run: Self.run)
    return PreparedOperation(
      phases: [phase],
      implementation: "reorder \(source.layout.name) → \(target.layout.name)", owner: self)
  }

  private static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let conversion = Unmanaged<LayoutConversion>.fromOpaque(context).takeUnretainedValue()
    for task in first..<end { conversion.copyChannel(task) }
  }

  private func copyChannel(_ task: Int) {
    let shape = source.shape
    let image = task / shape.channels, channel = task % shape.channels
    let from = source.layout.columnStep(shape), to = target.layout.columnStep(shape)
    for row in 0..<shape.extent.height {
      let start = source.layout.index(shape, image: image, channel: channel, row: row, column: 0)
      let end = target.layout.index(shape, image: image, channel: channel, row: row, column: 0)
      for column in 0..<shape.extent.width {
        target.pointer[end + column * to] = source.pointer[start + column * from]
      }
    }
  }
}
