// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The mean of each channel over the whole image.
enum GlobalMeanKernel {
  /// Executes tasks, each one vector of channels of one plane; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: PoolingArguments.self)
    let lanes = Vector.scalarCount
    let length = arguments.pointee.length
    let vectors = (length &+ lanes &- 1) / lanes
    let pixels = arguments.pointee.height &* arguments.pointee.width
    var task = first
    while task < end {
      let plane = task / vectors
      let place = (task &- plane &* vectors) &* lanes
      let count = length &- place < lanes ? length &- place : lanes
      let input = arguments.pointee.input + (plane &* arguments.pointee.inputPlane &+ place)
      let sum =
        count == lanes
        ? wholeSum(input, pixels, step: arguments.pointee.inputPixel)
        : partialSum(input, pixels, step: arguments.pointee.inputPixel, count)
      let mean = sum / Vector(repeating: Float(pixels))
      let output = arguments.pointee.output + (plane &* arguments.pointee.outputPlane &+ place)
      if count == lanes { store(mean, output) } else { store(mean, output, count) }
      task &+= 1
    }
  }

  /// Four sums hide the latency of an addition.
  @inline(__always)
  private static func wholeSum(
    _ input: UnsafePointer<Float>, _ pixels: Int, step: Int
  ) -> Vector {
    var sums = InlineArray<4, Vector>(repeating: Vector())
    var pixel = 0
    while pixel &+ 4 <= pixels {
      for part in 0..<4 { sums[unchecked: part] += load(input + (pixel &+ part) &* step) }
      pixel &+= 4
    }
    while pixel < pixels {
      sums[unchecked: 0] += load(input + pixel &* step)
      pixel &+= 1
    }
    return (sums[unchecked: 0] + sums[unchecked: 1]) + (sums[unchecked: 2] + sums[unchecked: 3])
  }

  @inline(__always)
  private static func partialSum(
    _ input: UnsafePointer<Float>, _ pixels: Int, step: Int, _ count: Int
  ) -> Vector {
    var sum = Vector()
    var pixel = 0
    while pixel < pixels {
      sum += load(input + pixel &* step, count)
      pixel &+= 1
    }
    return sum
  }
}
