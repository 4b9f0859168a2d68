// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Copies elements that a selection or a rearrangement moves, from any layout into any.
///
/// A task is one row of one plane of the result; planes are as `Planes` has them.
final class MoveCopy {
  private let source: Activation
  private let target: Activation
  private let planes: Planes
  /// Where each channel of the result lies, from its pixel on; negative for `fill`.
  private let channels: [Int]
  /// Where each row and column begins, and each image; negative for `fill`.
  private let images: [Int], rows: [Int], columns: [Int]
  private let fill: TensorValue
  /// Whether the channels of a plane are taken as they lie.
  private let runs: [Bool]
  /// Of a rearrangement, for each element of the result its place in the buffer of the source.
  private let places: [Int]

  /// A selection.
  init(_ selection: Selection, from source: Activation, to target: Activation) {
    self.source = source
    self.target = target
    let first = source.index(image: 0, channel: 0, row: 0, column: 0)
    func steps(_ places: [Int], _ index: (Int) -> Int) -> [Int] {
      places.map { $0 < 0 ? -1 : index($0) - first }
    }
    images = steps(selection.images) { source.index(image: $0, channel: 0, row: 0, column: 0) }
    channels = steps(selection.channels) { source.index(image: 0, channel: $0, row: 0, column: 0) }
    rows = steps(selection.rows) { source.index(image: 0, channel: 0, row: $0, column: 0) }
    columns = steps(selection.columns) { source.index(image: 0, channel: 0, row: 0, column: $0) }
    fill = selection.fill
    planes = Planes(target)
    places = []
    let (length, channels) = (planes.length, channels)
    runs = (0..<planes.perImage).map { plane in
      let own = channels[plane * length..<min(channels.count, (plane + 1) * length)]
      return own.indices.allSatisfy {
        channels[$0] >= 0 && channels[$0] == own[own.startIndex] + $0 - own.startIndex
      }
    }
  }

  /// A rearrangement.
  init(_ rearrangement: Rearrangement, from source: Activation, to target: Activation) {
    self.source = source
    self.target = target
    planes = Planes(target)
    fill = 0
    (images, channels, rows, columns, runs) = ([], [], [], [], [])
    let shape = source.shape
    places = rearrangement.places().map { place in
      let column = place % shape.extent.width
      let row = place / shape.extent.width % shape.extent.height
      let plane = place / shape.extent.area
      return source.index(
        image: plane / shape.channels, channel: plane % shape.channels, row: row, column: column)
    }
  }

  /// The copy as a phase; whoever runs it keeps the copy.
  func phase(_ name: String) -> Phase {
    Phase(
      name: name, tasks: planes.count * target.shape.extent.height,
      context: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()),
      run: { context, first, end, _ in
        let copy = Unmanaged<MoveCopy>.fromOpaque(context).takeUnretainedValue()
        for task in first..<end { copy.copyRow(task) }
      })
  }

  private func copyRow(_ task: Int) {
    let (plane, row) = task.quotientAndRemainder(dividingBy: target.shape.extent.height)
    let (image, own) = plane.quotientAndRemainder(dividingBy: planes.perImage)
    let firstChannel = own * planes.length
    let valid = min(planes.length, target.shape.channels - firstChannel)
    let start = target.index(image: image, channel: firstChannel, row: row, column: 0)
    for column in 0..<target.shape.extent.width {
      let pixel = target.buffer.pointer + (start + column * planes.pixel)
      if places.isEmpty {
        select(image, row, column, firstChannel, valid, isRun: runs[own], pixel)
      } else {
        rearrange(image, row, column, firstChannel, valid, pixel)
      }
      // Layout padding.
      for lane in valid..<max(valid, planes.length) { pixel[lane] = 0 }
    }
  }

  private func select(
    _ image: Int, _ row: Int, _ column: Int, _ firstChannel: Int, _ valid: Int, isRun: Bool,
    _ pixel: AlignedBuffer.Address
  ) {
    guard min(images[image], rows[row], columns[column]) >= 0 else {
      pixel.update(repeating: fill, count: valid)
      return
    }
    let from = source.pointer + (images[image] + rows[row] + columns[column])
    if isRun {
      pixel.update(from: from + channels[firstChannel], count: valid)
      return
    }
    for lane in 0..<valid {
      let channel = channels[firstChannel + lane]
      pixel[lane] = channel < 0 ? fill : from[channel]
    }
  }

  private func rearrange(
    _ image: Int, _ row: Int, _ column: Int, _ firstChannel: Int, _ valid: Int,
    _ pixel: AlignedBuffer.Address
  ) {
    let shape = target.shape
    let area = shape.extent.area
    let first =
      (image * shape.channels + firstChannel) * area + row * shape.extent.width + column
    for lane in 0..<valid { pixel[lane] = source.buffer.pointer[places[first + lane * area]] }
  }
}
