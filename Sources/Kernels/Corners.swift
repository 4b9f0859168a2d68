// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The four pixels around a place, and what each contributes.
struct Corners {
  private var pixels: InlineArray<4, UnsafePointer<Float>>
  private var weights: InlineArray<4, Float>
  /// What their sum is multiplied with.
  private var factor: Float

  /// The corners of the place that a tap is moved to.
  ///
  /// Pixels outside the image and those without weight are replaced by zeros, and not only by a weight
  /// of zero: what they would hold may be infinite.
  @inline(__always)
  init(
    _ arguments: UnsafePointer<DeformableArguments>, image: Int, field: Int, place: Int, top: Int,
    left: Int
  ) {
    pixels = InlineArray(repeating: arguments.pointee.zeros)
    weights = InlineArray(repeating: 0)
    factor = 1
    let problem = arguments.pointee.problem
    let offsets = arguments.pointee.offsets
    let offset =
      offsets.values
      + (image &* offsets.image &+ 2 &* field &* offsets.channel &+ place &* offsets.pixel)
    let y = Float(top) + offset[0]
    let x = Float(left) + offset[offsets.channel]
    // A comparison with NaN is false, so that such a place lies outside, too.
    guard y > -1, y < Float(problem.input.height), x > -1, x < Float(problem.input.width) else {
      return
    }
    if arguments.pointee.isModulated {
      let mask = arguments.pointee.mask
      factor = mask.values[image &* mask.image &+ field &* mask.channel &+ place &* mask.pixel]
    }
    let row = Self.floor(y)
    let column = Self.floor(x)
    let down = y - Float(row)
    let right = x - Float(column)
    let channels = problem.inChannels
    let first =
      arguments.pointee.input
      + ((image &* problem.input.height &+ row) &* problem.input.width &+ column) &* channels
    let isAbove = row >= 0
    let isBelow = row < problem.input.height &- 1
    let isLeft = column >= 0
    let isRight = column < problem.input.width &- 1
    let next = problem.input.width &* channels
    if isAbove && isLeft { set(0, first, (1 - down) * (1 - right)) }
    if isAbove && isRight { set(1, first + channels, (1 - down) * right) }
    if isBelow && isLeft { set(2, first + next, down * (1 - right)) }
    if isBelow && isRight { set(3, first + (next &+ channels), down * right) }
  }

  @inline(__always)
  private mutating func set(_ corner: Int, _ pixel: UnsafePointer<Float>, _ weight: Float) {
    if weight == 0 { return }
    pixels[corner] = pixel
    weights[corner] = weight
  }

  /// The largest integer that is not above `value`; on every CPU without a call of the C library.
  @inline(__always)
  private static func floor(_ value: Float) -> Int {
    let truncated = Int(value)
    return Float(truncated) > value ? truncated &- 1 : truncated
  }

  /// Writes `count` channels from `channel` on.
  @inline(__always)
  func blend(_ channel: Int, _ count: Int, to target: UnsafeMutablePointer<Float>) {
    let first = pixels[0] + channel
    let second = pixels[1] + channel
    let third = pixels[2] + channel
    let fourth = pixels[3] + channel
    var place = 0
    while place &+ Vector.scalarCount <= count {
      var sum = load(first + place) * Vector(repeating: weights[0])
      sum = multiplyAdd(sum, load(second + place), Vector(repeating: weights[1]))
      sum = multiplyAdd(sum, load(third + place), Vector(repeating: weights[2]))
      sum = multiplyAdd(sum, load(fourth + place), Vector(repeating: weights[3]))
      store(sum * Vector(repeating: factor), target + place)
      place &+= Vector.scalarCount
    }
    while place < count {
      let upper = first[place] * weights[0] + second[place] * weights[1]
      let lower = third[place] * weights[2] + fourth[place] * weights[3]
      target[place] = (upper + lower) * factor
      place &+= 1
    }
  }
}
