// SPDX-License-Identifier: Apache-2.0

/// What two tensors are combined to, element by element.
public enum Combination: String, BitwiseCopyable, CaseIterable, Codable, Hashable, Sendable {
  /// The sum.
  case add = "plus"
  /// The first less the second.
  case subtract = "minus"
  /// The product.
  case multiply = "times"
  /// The first over the second.
  case divide = "over"
  /// The larger one; NaN where either is.
  case largest
  /// The smaller one; NaN where either is.
  case smallest
  /// The first where it is positive, else the product: a PReLU whose slopes are the second.
  case parametricReLU = "prelu"

  /// The exact value.
  public func callAsFunction(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .largest: left.maximumOrNaN(right)
    case .smallest: -(-left).maximumOrNaN(-right)
    case .parametricReLU: left < 0 ? left * right : left
    }
  }

  /// What its rounding is relative to, for a left side of this magnitude.
  func magnitude(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add, .subtract: left + abs(right)
    case .multiply: left * abs(right)
    case .divide: left / abs(right)
    case .largest, .smallest: max(left, abs(right))
    case .parametricReLU: left * max(1, abs(right))
    }
  }

  /// The shape of a combination: each axis is equal in both, or 1 in one; nil where it is not.
  public static func shape(_ left: ActivationShape, _ right: ActivationShape) -> ActivationShape? {
    func axis(_ left: Int, _ right: Int) -> Int? {
      left == right || right == 1 ? left : left == 1 ? right : nil
    }
    guard let batch = axis(left.batch, right.batch),
      let channels = axis(left.channels, right.channels),
      let height = axis(left.extent.height, right.extent.height),
      let width = axis(left.extent.width, right.extent.width)
    else { return nil }
    return ActivationShape(batch: batch, channels: channels, extent: Extent(height, width))
  }

  /// The values of plain tensors, `merge` applied to each pair.
  static func values<Left, Right, Result>(
    _ left: [Left], _ leftShape: ActivationShape, _ right: [Right], _ rightShape: ActivationShape,
    shape: ActivationShape, merge: (Left, Right) -> Result
  ) -> [Result] {
    let steps = (BroadcastSteps(leftShape), BroadcastSteps(rightShape))
    var result: [Result] = []
    result.reserveCapacity(shape.count)
    for image in 0..<shape.batch {
      for channel in 0..<shape.channels {
        for row in 0..<shape.extent.height {
          for column in 0..<shape.extent.width {
            result.append(
              merge(
                left[steps.0.index(image, channel, row, column)],
                right[steps.1.index(image, channel, row, column)]))
          }
        }
      }
    }
    return result
  }
}

/// Steps through a plain tensor of which axes of size 1 count for all.
struct BroadcastSteps {
  private let image: Int, channel: Int, row: Int, column: Int

  init(_ shape: ActivationShape) {
    let (height, width) = (shape.extent.height, shape.extent.width)
    image = shape.batch == 1 ? 0 : shape.channels * height * width
    channel = shape.channels == 1 ? 0 : height * width
    row = height == 1 ? 0 : width
    column = width == 1 ? 0 : 1
  }

  func index(_ image: Int, _ channel: Int, _ row: Int, _ column: Int) -> Int {
    image * self.image + channel * self.channel + row * self.row + column * self.column
  }
}
