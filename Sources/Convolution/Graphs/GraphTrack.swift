// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Elements on their way through the nodes of a step, as exact values with what bounds scale with.
///
/// The float result may differ from `values` by `γₙ · magnitudes`, n being `roundings`.
struct GraphTrack {
  var values: [Double]
  var magnitudes: [Double]
  var roundings = 0
  /// The places in the tensor; nil where all are there.
  var indices: [Int]?

  /// Roundings of one sigmoid: the polynomial of its exponential, a sum and a division.
  static let sigmoidRoundings = 32

  /// `1 / (1 + e⁻ˣ)`.
  static func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  /// Where the element at `index` stands in its tensor.
  private func place(_ index: Int) -> Int { indices?[index] ?? index }

  /// The sum with `other`, a whole tensor; with itself where that is nil.
  func adding(_ other: TensorValues?) -> GraphTrack {
    var next = self
    for index in values.indices {
      let addend = other.map { Double($0[place(index)]) } ?? values[index]
      next.values[index] += addend
      next.magnitudes[index] += abs(addend).orZero
    }
    next.roundings += 1
    return next
  }

  /// Each channel times its factor; `area` elements are in a channel.
  func scaled(by factors: TensorValues, area: Int) -> GraphTrack {
    var next = self
    for index in values.indices {
      let factor = Double(factors[place(index) / area])
      next.values[index] *= factor
      next.magnitudes[index] = (next.magnitudes[index] * abs(factor)).orZero
    }
    next.roundings += 1
    return next
  }

  /// A tensor of `shape` in another size.
  func resized(_ resize: LinearResize, of shape: ActivationShape) -> GraphTrack {
    var next = self
    let planes = shape.batch * shape.channels
    next.values = resize.result(values, planes: planes, extent: shape.extent)
    next.magnitudes = resize.result(magnitudes, planes: planes, extent: shape.extent)
    next.roundings += 6
    return next
  }

  /// A function of each element, or of each pixel, of a tensor of `shape`.
  /// - Requires: `operation` is such a function.
  func applying(_ operation: GraphOperation, shape: ActivationShape) -> GraphTrack {
    switch operation {
    case .relu:
      var next = self
      next.values = values.map { $0.rectified }
      return next
    case .sigmoid: return sigmoid()
    case .point(let function): return applying(function)
    case .softmax: return softmax(shape)
    case .normalization(let epsilon): return normalized(shape, epsilon: Double(epsilon))
    default: preconditionFailure("no function of elements or pixels")
    }
  }

  private func sigmoid() -> GraphTrack {
    var next = self
    next.values = values.map(Self.sigmoid)
    // The slope is at most ¼; the function's own roundings count on its value.
    next.magnitudes = zip(magnitudes, next.values).map { $0 / 4 + $1.orZero }
    next.roundings += Self.sigmoidRoundings
    return next
  }

  private func applying(_ function: PointFunction) -> GraphTrack {
    var next = self
    next.values = values.map { function($0) }
    next.magnitudes = zip(magnitudes, values).map { magnitude, value in
      (roundings == 0 ? 0 : function.slope * magnitude) + function.magnitude(value).orZero
    }
    next.roundings += function.roundings
    return next
  }

  private func softmax(_ shape: ActivationShape) -> GraphTrack {
    var next = self
    next.values = PixelOperation.result(values, shape, PixelOperation.softmax)
    // Below the smallest normal number the kernel may give zero.
    next.magnitudes = next.values.map { $0.orZero + 0x1p-100 }
    next.roundings += PixelOperation.softmaxRoundings(shape.channels)
    return next
  }

  private func normalized(_ shape: ActivationShape, epsilon: Double) -> GraphTrack {
    var next = self
    next.values = PixelOperation.result(values, shape) {
      PixelOperation.normalized($0, epsilon: epsilon)
    }
    next.magnitudes = PixelOperation.result(values, shape) {
      PixelOperation.normalizedMagnitudes($0, epsilon: epsilon)
    }
    next.roundings += 2 * shape.channels + 8
    return next
  }
}
