// SPDX-License-Identifier: Apache-2.0

/// What `LayoutConversion` copies: in every layout the pixels of a channel lie at equal distances,
/// and so do the channels of a group of four.
struct ReorderPlan {
  private let source: UnsafePointer<Float>
  private let target: UnsafeMutablePointer<Float>
  private let type: ElementType
  private let shape: ActivationShape
  private let sourceLayout, targetLayout: Layout
  private let sourceSteps, targetSteps: ReorderSteps

  /// Channels of a task.
  private static let channelsPerTask = 16
  /// Pixels that are copied for all channels of a task before the next: cache lines on both sides
  /// are then read and written as a whole while they are near.
  private static let pixelsPerTile = 16

  init(from source: Activation, to target: Activation) {
    self.source = UnsafePointer(source.pointer)
    self.target = target.pointer
    precondition(source.type == target.type)
    type = source.type
    shape = source.shape
    sourceLayout = source.layout
    targetLayout = target.layout
    sourceSteps = ReorderSteps(source.layout, shape)
    targetSteps = ReorderSteps(target.layout, shape)
  }

  private var tasksPerImage: Int {
    (shape.channels + Self.channelsPerTask - 1) / Self.channelsPerTask
  }

  /// Number of independent tasks.
  var tasks: Int { shape.batch * tasksPerImage }

  /// Copies up to 16 channels of an image.
  func run(_ task: Int) {
    switch type {
    case .f32, .s32: runFloats(task)
    case .bf16: runPlainly(task, of: UInt16.self)
    case .u8, .s8: runPlainly(task, of: UInt8.self)
    }
  }

  /// Channel by channel, one element after the other.
  private func runPlainly<Element: BitwiseCopyable>(_ task: Int, of: Element.Type) {
    let (image, block) = task.quotientAndRemainder(dividingBy: tasksPerImage)
    let first = block * Self.channelsPerTask
    let elements = UnsafeRawPointer(source).assumingMemoryBound(to: Element.self)
    let copies = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Element.self)
    for channel in first..<min(first + Self.channelsPerTask, shape.channels) {
      let from = sourceLayout.index(shape, image: image, channel: channel, row: 0, column: 0)
      let to = targetLayout.index(shape, image: image, channel: channel, row: 0, column: 0)
      for pixel in 0..<shape.extent.area {
        copies[to + pixel * targetSteps.pixel] = elements[from + pixel * sourceSteps.pixel]
      }
    }
  }

  private func runFloats(_ task: Int) {
    let (image, block) = task.quotientAndRemainder(dividingBy: tasksPerImage)
    let first = block * Self.channelsPerTask
    let end = min(first + Self.channelsPerTask, shape.channels)
    for pixel in stride(from: 0, to: shape.extent.area, by: Self.pixelsPerTile) {
      let count = min(Self.pixelsPerTile, shape.extent.area - pixel)
      for channel in stride(from: first, to: end, by: 4) {
        let from =
          source + sourceLayout.index(shape, image: image, channel: channel, row: 0, column: 0)
          + pixel * sourceSteps.pixel
        let to =
          target + targetLayout.index(shape, image: image, channel: channel, row: 0, column: 0)
          + pixel * targetSteps.pixel
        if end - channel >= 4 {
          copyFour(count, from, to)
        } else {
          copy(channels: end - channel, 0..<count, from, to)
        }
      }
    }
  }

  /// Copies four channels of `pixels` pixels, four by four.
  private func copyFour(
    _ pixels: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    let (from, to) = (sourceSteps, targetSteps)
    // Rows of a square run along channels or along pixels, whichever lie side by side.
    let fromRow = from.channel == 1 ? from.pixel : from.channel
    let toRow = to.channel == 1 ? to.pixel : to.channel
    var pixel = 0
    while pixel + 4 <= pixels {
      var square = Square(source + pixel * from.pixel, step: fromRow)
      if (from.channel == 1) != (to.channel == 1) { square.transpose() }
      square.store(target + pixel * to.pixel, step: toRow)
      pixel += 4
    }
    copy(channels: 4, pixel..<pixels, source, target)
  }

  /// Copies what fills no square.
  private func copy(
    channels: Int, _ pixels: Range<Int>, _ source: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<channels {
      for pixel in pixels {
        target[channel * targetSteps.channel + pixel * targetSteps.pixel] =
          source[channel * sourceSteps.channel + pixel * sourceSteps.pixel]
      }
    }
  }
}

/// Floats between neighbours; one of the two is 1.
private struct ReorderSteps {
  /// From one channel to the next inside a group of four.
  var channel: Int
  /// From one pixel to the next.
  var pixel: Int

  init(_ layout: Layout, _ shape: ActivationShape) {
    if case .channelBlocked(let lanes) = layout { precondition(lanes % 4 == 0) }
    // A single pixel is a row of channels in every layout.
    channel = layout == .nchw ? shape.extent.area : 1
    pixel = layout.columnStep(shape)
  }
}

/// Four vectors of four floats.
private struct Square {
  private var rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

  @inline(__always)
  init(_ source: UnsafePointer<Float>, step: Int) {
    func row(_ index: Int) -> SIMD4<Float> {
      UnsafeRawPointer(source + index * step).loadUnaligned(as: SIMD4<Float>.self)
    }
    rows = (row(0), row(1), row(2), row(3))
  }

  @inline(__always)
  mutating func transpose() {
    let (a, b, c, d) = rows
    rows = (
      SIMD4(a[0], b[0], c[0], d[0]), SIMD4(a[1], b[1], c[1], d[1]),
      SIMD4(a[2], b[2], c[2], d[2]), SIMD4(a[3], b[3], c[3], d[3])
    )
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>, step: Int) {
    func store(_ row: SIMD4<Float>, _ index: Int) {
      UnsafeMutableRawPointer(target + index * step).storeBytes(of: row, as: SIMD4<Float>.self)
    }
    store(rows.0, 0)
    store(rows.1, 1)
    store(rows.2, 2)
    store(rows.3, 3)
  }
}
