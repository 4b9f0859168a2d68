// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The mean of each channel over the whole image, from the image or from sums of its parts.
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
      let step = 4 &* arguments.pointee.inputPixel
      let sum =
        count == lanes
        ? VectorSum.total(input, pixels, step: step)
        : VectorSum.total(input, pixels, step: step, count)
      let mean = sum / Vector(repeating: Float(arguments.pointee.divisor))
      let output = arguments.pointee.output + (plane &* arguments.pointee.outputPlane &+ place)
      if count == lanes { store(mean, output) } else { store(mean, output, count) }
      task &+= 1
    }
  }
}
