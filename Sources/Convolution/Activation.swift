// SPDX-License-Identifier: Apache-2.0

/// Activations in memory: a shape, a layout and their numbers; or a range of channels of others.
public final class Activation {
  /// Images, channels, height and width.
  public let shape: ActivationShape
  /// How the elements lie.
  public let layout: Layout
  /// How a number is stored.
  public let type: ElementType
  /// The memory; layout padding is zero and stays so.
  public let buffer: AlignedBuffer
  /// The shape of the activations of which these are a part; their own where they are a whole.
  public let whole: ActivationShape
  /// The first channel inside the whole.
  public let firstChannel: Int
  /// The first element; of a part whose layout puts its first channel elsewhere in a vector, see
  /// `index`.
  ///
  /// Of other types than floats it is the address that counts.
  public let pointer: AlignedBuffer.Address

  /// Zeros of the given shape and layout; `isGuarded` as `AlignedBuffer` says.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public convenience init(
    _ shape: ActivationShape, layout: Layout, type: ElementType = .f32, isGuarded: Bool = false
  ) throws(MemoryError) {
    let buffer = try AlignedBuffer(
      bytes: layout.count(shape) * type.bytes, isGuarded: isGuarded)
    self.init(shape, layout: layout, type: type, over: buffer)
  }

  /// Activations at the start of memory that was there before.
  /// - Requires: a buffer of at least `layout.count(shape)` elements.
  public init(
    _ shape: ActivationShape, layout: Layout, type: ElementType = .f32, over buffer: AlignedBuffer
  ) {
    precondition(layout.count(shape) * type.bytes <= buffer.bytes)
    self.shape = shape
    self.layout = layout
    self.type = type
    self.buffer = buffer
    whole = shape
    firstChannel = 0
    pointer = buffer.pointer
  }

  /// The channels of `other` from `firstChannel` on.
  /// - Requires: channels that `other` has, of floats.
  public init(partOf other: Activation, firstChannel: Int, channels: Int) {
    precondition(firstChannel >= 0 && firstChannel + channels <= other.shape.channels)
    precondition(other.type == .f32)
    type = .f32
    shape = ActivationShape(
      batch: other.shape.batch, channels: channels, extent: other.shape.extent)
    layout = other.layout
    buffer = other.buffer
    whole = other.whole
    self.firstChannel = other.firstChannel + firstChannel
    pointer =
      buffer.pointer
      + layout.index(whole, image: 0, channel: self.firstChannel, row: 0, column: 0)
  }

  /// Whether the memory from `pointer` on is that of a whole of this shape and layout, so that
  /// every kernel can work on it.
  public var isWhole: Bool {
    guard whole != shape else { return true }
    guard case .channelBlocked(let lanes) = layout, shape.batch == 1 else { return false }
    let end = firstChannel + shape.channels
    return firstChannel % lanes == 0 && (end % lanes == 0 || end == whole.channels)
  }

  /// Position of an element in `buffer`.
  public func index(image: Int, channel: Int, row: Int, column: Int) -> Int {
    layout.index(
      whole, image: image, channel: firstChannel + channel, row: row, column: column)
  }

  /// Elements of the buffer, layout padding included.
  public var elementCount: Int { buffer.bytes / type.bytes }

  /// The value of an element of the buffer; what is set is rounded to the type.
  public subscript(_ index: Int) -> TensorValue {
    get {
      switch type {
      case .f32: buffer.pointer[index]
      case .bf16: memory(of: BFloat16.self)[index].value
      case .u8: TensorValue(memory(of: UInt8.self)[index])
      case .s8: TensorValue(memory(of: Int8.self)[index])
      case .s32: TensorValue(memory(of: Int32.self)[index])
      }
    }
    set {
      switch type {
      case .f32: buffer.pointer[index] = newValue
      case .bf16: memory(of: BFloat16.self)[index] = BFloat16(newValue)
      case .u8: memory(of: UInt8.self)[index] = UInt8(type.nearest(newValue))
      case .s8: memory(of: Int8.self)[index] = Int8(type.nearest(newValue))
      case .s32: memory(of: Int32.self)[index] = Int32(type.nearest(newValue))
      }
    }
  }

  private func memory<Element>(of: Element.Type) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer(buffer.pointer).assumingMemoryBound(to: Element.self)
  }

  /// Takes over values given as plain `[N][C][H][W]`, rounded to the type.
  /// - Requires: `values.count == shape.count`.
  public func load(_ values: TensorValues) {
    precondition(values.count == shape.count)
    values.withUnsafeBufferPointer { source in
      forEachRow { plain, start, step in
        for column in 0..<shape.extent.width {
          self[start + column * step] = source[plain + column]
        }
      }
    }
  }

  /// The values as plain `[N][C][H][W]`.
  public func values() -> TensorValues {
    TensorValues(unsafeUninitializedCapacity: shape.count) { target, count in
      forEachRow { plain, start, step in
        for column in 0..<shape.extent.width {
          target.initializeElement(
            at: plain + column, to: self[start + column * step])
        }
      }
      count = shape.count
    }
  }

  /// The same, exact also where an integer has more bits than a float.
  public func exactValues() -> [Double] {
    guard type == .s32 else { return values().map(Double.init) }
    let integers = memory(of: Int32.self)
    return [Double](unsafeUninitializedCapacity: shape.count) { target, count in
      forEachRow { plain, start, step in
        for column in 0..<shape.extent.width {
          target.initializeElement(
            at: plain + column, to: Double(integers[start + column * step]))
        }
      }
      count = shape.count
    }
  }

  /// Sets every element of the buffer, layout padding included: NaN before a check finds what is
  /// not written.
  public func fill(_ value: TensorValue) {
    for index in 0..<elementCount { self[index] = value }
  }

  /// Sets the elements of these activations and nothing else in the buffer.
  public func fillElements(_ value: TensorValue) {
    forEachRow { _, start, step in
      for column in 0..<shape.extent.width { self[start + column * step] = value }
    }
  }

  /// Visits each row of each channel: where it starts in plain NCHW, where here, and the step
  /// between its columns here.
  private func forEachRow(_ visit: (_ plain: Int, _ start: Int, _ step: Int) -> Void) {
    let step = layout.columnStep(whole)
    var plain = 0
    for image in 0..<shape.batch {
      for channel in 0..<shape.channels {
        for row in 0..<shape.extent.height {
          visit(plain, index(image: image, channel: channel, row: row, column: 0), step)
          plain += shape.extent.width
        }
      }
    }
  }
}
