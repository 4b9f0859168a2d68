// SPDX-License-Identifier: Apache-2.0

/// Activations in memory: a shape, a layout and their floats.
public final class Activation {
  /// Images, channels, height and width.
  public let shape: ActivationShape
  /// How the elements lie.
  public let layout: Layout
  /// The elements; layout padding is zero and stays so.
  public let buffer: AlignedBuffer

  /// Zeros of the given shape and layout; `isGuarded` as `AlignedBuffer` says.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public init(
    _ shape: ActivationShape, layout: Layout, isGuarded: Bool = false
  ) throws(MemoryError) {
    self.shape = shape
    self.layout = layout
    buffer = try AlignedBuffer(count: layout.count(shape), isGuarded: isGuarded)
  }

  /// The first element.
  public var pointer: UnsafeMutablePointer<Float> { buffer.pointer }

  /// Takes over values given as plain `[N][C][H][W]`.
  /// - Requires: `values.count == shape.count`.
  public func load(_ values: [Float]) {
    precondition(values.count == shape.count)
    values.withUnsafeBufferPointer { source in
      forEachRow { plain, start, step in
        for column in 0..<shape.extent.width {
          pointer[start + column * step] = source[plain + column]
        }
      }
    }
  }

  /// The values as plain `[N][C][H][W]`.
  public func values() -> [Float] {
    [Float](unsafeUninitializedCapacity: shape.count) { target, count in
      forEachRow { plain, start, step in
        for column in 0..<shape.extent.width {
          target.initializeElement(at: plain + column, to: pointer[start + column * step])
        }
      }
      count = shape.count
    }
  }

  /// Sets every element, layout padding included: NaN before a check finds what is not written.
  public func fill(_ value: Float) {
    buffer.floats.update(repeating: value)
  }

  /// Visits each row of each channel: where it starts in plain NCHW, where here, and the step
  /// between its columns here.
  private func forEachRow(_ visit: (_ plain: Int, _ start: Int, _ step: Int) -> Void) {
    let step = layout.columnStep(shape)
    var plain = 0
    for image in 0..<shape.batch {
      for channel in 0..<shape.channels {
        for row in 0..<shape.extent.height {
          let start = layout.index(shape, image: image, channel: channel, row: row, column: 0)
          visit(plain, start, step)
          plain += shape.extent.width
        }
      }
    }
  }
}
