// SPDX-License-Identifier: Apache-2.0

/// Images, channels, rows and columns that are picked from a tensor, each axis by itself.
///
/// It says what a part of a tensor is, padding with one value, a repetition, nearest neighbours.
public struct Selection: Codable, Hashable, Sendable {
  /// For each image of the result, the one that it is taken from; negative for `fill`.
  public var images: [Int]
  /// The same for channels.
  public var channels: [Int]
  /// The same for rows.
  public var rows: [Int]
  /// The same for columns.
  public var columns: [Int]
  /// What stands where nothing is taken.
  public var fill: Float

  /// A selection.
  public init(images: [Int], channels: [Int], rows: [Int], columns: [Int], fill: Float = 0) {
    self.images = images
    self.channels = channels
    self.rows = rows
    self.columns = columns
    self.fill = fill
  }

  /// The shape of the result.
  public var shape: ActivationShape {
    ActivationShape(
      batch: images.count, channels: channels.count, extent: Extent(rows.count, columns.count))
  }

  /// Whether every place is one of `source`, and no axis is empty.
  func fits(_ source: ActivationShape) -> Bool {
    let axes = [
      (images, source.batch), (channels, source.channels), (rows, source.extent.height),
      (columns, source.extent.width),
    ]
    return axes.allSatisfy { places, size in
      !places.isEmpty && places.allSatisfy { $0 < size }
    }
  }

  func result<Element>(_ source: [Element], _ shape: ActivationShape, fill: Element) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(self.shape.count)
    for image in images {
      for channel in channels {
        for row in rows {
          for column in columns {
            guard min(image, channel, row, column) >= 0 else {
              result.append(fill)
              continue
            }
            let plane = (image * shape.channels + channel) * shape.extent.height + row
            result.append(source[plane * shape.extent.width + column])
          }
        }
      }
    }
    return result
  }
}

/// Elements in another order.
///
/// The index of an element of the result, plain `[N][C][H][W]`, is read as a number of `digits`, the
/// last one the fastest; each adds its value times its step to the index in the source.
/// A transposition permutes digits; a step of 0 repeats.
public struct Rearrangement: Codable, Hashable, Sendable {
  /// A digit.
  public struct Digit: Codable, Hashable, Sendable {
    /// How many values it has.
    public var size: Int
    /// How far apart these are in the source.
    public var step: Int

    /// A digit.
    public init(size: Int, step: Int) {
      self.size = size
      self.step = step
    }
  }

  /// The shape of the result.
  public var shape: ActivationShape
  /// The digits, the slowest first.
  public var digits: [Digit]

  /// A rearrangement.
  public init(shape: ActivationShape, digits: [Digit]) {
    self.shape = shape
    self.digits = digits
  }

  /// Whether the digits count the result's elements and stay inside `source`.
  func fits(_ source: ActivationShape) -> Bool {
    var count = 1
    var last = 0
    for digit in digits {
      guard digit.size > 0, digit.step >= 0 else { return false }
      let (product, isOver) = count.multipliedReportingOverflow(by: digit.size)
      let (reach, reachesOver) = (digit.size - 1).multipliedReportingOverflow(by: digit.step)
      guard !isOver, !reachesOver, product <= shape.count, reach <= source.count else {
        return false
      }
      count = product
      last += reach
    }
    return count == shape.count && last < source.count
  }

  /// For each element of the result, in plain order, its place in the plain source.
  public func places() -> [Int] {
    var places = [0]
    places.reserveCapacity(shape.count)
    for digit in digits {
      places = places.flatMap { place in (0..<digit.size).map { place + $0 * digit.step } }
    }
    return places
  }
}

/// An image of another size: each pixel lies between two rows and two columns of the source.
public struct LinearResize: Codable, Hashable, Sendable {
  /// Between which two places of an axis a new place lies.
  public struct Tap: BitwiseCopyable, Codable, Hashable, Sendable {
    /// The two places.
    public var first: Int, second: Int
    /// How much the second one counts, from 0 to 1.
    public var weight: Float

    /// A new place.
    public init(first: Int, second: Int, weight: Float) {
      self.first = first
      self.second = second
      self.weight = weight
    }
  }

  /// For each row of the result.
  public var rows: [Tap]
  /// For each column of the result.
  public var columns: [Tap]

  /// A resize.
  public init(rows: [Tap], columns: [Tap]) {
    self.rows = rows
    self.columns = columns
  }

  /// Whether every place is one of an image of `extent`.
  func fits(_ extent: Extent) -> Bool {
    let axes = [(rows, extent.height), (columns, extent.width)]
    return axes.allSatisfy { taps, size in
      !taps.isEmpty
        && taps.allSatisfy { tap in
          (0..<size).contains(tap.first) && (0..<size).contains(tap.second)
            && (0...1).contains(tap.weight)
        }
    }
  }

  /// The values and, from those of magnitudes, magnitudes.
  func result(_ source: [Double], planes: Int, extent: Extent) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(planes * rows.count * columns.count)
    for plane in 0..<planes {
      for row in rows {
        let starts = [row.first, row.second].map { (plane * extent.height + $0) * extent.width }
        for column in columns {
          let weight = Double(column.weight)
          let between = starts.map { start in
            (1 - weight) * source[start + column.first] + weight * source[start + column.second]
          }
          result.append(
            (1 - Double(row.weight)) * between[0] + Double(row.weight) * between[1])
        }
      }
    }
    return result
  }
}
