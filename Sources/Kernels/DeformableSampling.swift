// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Samples of a deformable convolution, by vectors of channels.
///
/// Where a tap reads is computed once for all channels of an offset group; then each vector of
/// channels is four loads and four products. On 256 channels that is a few per cent of the products
/// that follow.
enum DeformableSampling {
  /// Samples the pixels `first..<end` of the strip; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: DeformableArguments.self)
    var pixel = first
    while pixel < end {
      sample(arguments, pixel)
      pixel &+= 1
    }
  }

  /// Copies the results of the pixels `first..<end` of the strip to the output.
  static func copyResults(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: DeformableArguments.self)
    let channels = arguments.pointee.problem.outChannels
    var place = first &* channels
    let last = end &* channels
    while place &+ Vector.scalarCount <= last {
      store(load(arguments.pointee.results + place), arguments.pointee.output + place)
      place &+= Vector.scalarCount
    }
    while place < last {
      arguments.pointee.output[place] = arguments.pointee.results[place]
      place &+= 1
    }
  }

  /// Everything that the taps of one output pixel read.
  @inline(__always)
  private static func sample(_ arguments: UnsafePointer<DeformableArguments>, _ pixel: Int) {
    let problem = arguments.pointee.problem
    let taps = problem.kernel.area
    let absolute = arguments.pointee.firstPixel &+ pixel
    let image = absolute / problem.output.area
    let place = absolute % problem.output.area
    let top = place / problem.output.width &* problem.stride.height &- problem.padding.top
    let left = place % problem.output.width &* problem.stride.width &- problem.padding.left
    let target = arguments.pointee.strip + pixel &* taps &* problem.inChannels
    for group in 0..<arguments.pointee.offsetGroups {
      var tap = 0
      for row in 0..<problem.kernel.height {
        for column in 0..<problem.kernel.width {
          let field = group &* taps &+ tap
          let corners = Corners(
            arguments, image: image, field: field, place: place,
            top: top &+ row &* problem.dilation.height,
            left: left &+ column &* problem.dilation.width)
          blend(corners, arguments, group: group, tap: tap, target)
          tap &+= 1
        }
      }
    }
  }

  /// The channels of an offset group, piece by piece as the convolution's groups cut them.
  @inline(__always)
  private static func blend(
    _ corners: Corners, _ arguments: UnsafePointer<DeformableArguments>, group: Int, tap: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let problem = arguments.pointee.problem
    let perOffset = problem.inChannels / arguments.pointee.offsetGroups
    let perGroup = problem.inChannelsPerGroup
    let taps = problem.kernel.area
    var channel = group &* perOffset
    let end = channel &+ perOffset
    while channel < end {
      let convolutionGroup = channel / perGroup
      let groupEnd = (convolutionGroup &+ 1) &* perGroup
      let stop = groupEnd < end ? groupEnd : end
      let first = convolutionGroup &* taps &* perGroup &+ tap &* perGroup
      let piece = target + (first &+ channel &- convolutionGroup &* perGroup)
      corners.blend(channel, stop &- channel, to: piece)
      channel = stop
    }
  }
}
