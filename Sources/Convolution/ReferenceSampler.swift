// SPDX-License-Identifier: Apache-2.0

/// Reads an image between its pixels as a deformable convolution does, in Double.
struct ReferenceSampler {
  /// What a tap reads: the value, and the sum of the magnitudes it is made of.
  struct Sample {
    var value = 0.0
    var magnitude = 0.0
  }

  private let operation: DeformableOperation
  private let input: [Float]
  private let offsets: [Float]
  private let mask: [Float]

  /// A sampler over plain tensors.
  init(_ operation: DeformableOperation, input: [Float], offsets: [Float], mask: [Float]) {
    precondition(input.count == operation.convolution.problem.inputShape.count)
    precondition(offsets.count == operation.offsetShape.count)
    precondition(mask.count == (operation.isModulated ? operation.maskShape.count : 0))
    self.operation = operation
    self.input = input
    self.offsets = offsets
    self.mask = mask
  }

  /// What every tap of one image reads: `[Ci][Kh][Kw][Ho][Wo]`.
  func samples(image: Int) -> [Sample] {
    let problem = operation.convolution.problem
    let perOffset = problem.inChannels / operation.offsetGroups
    var samples: [Sample] = []
    for channel in 0..<problem.inChannels {
      for tap in 0..<problem.kernel.area {
        let field = channel / perOffset * problem.kernel.area + tap
        for pixel in 0..<problem.output.area {
          samples.append(sample(image, channel, tap: tap, field: field, pixel))
        }
      }
    }
    return samples
  }

  private func sample(_ image: Int, _ channel: Int, tap: Int, field: Int, _ pixel: Int) -> Sample {
    let problem = operation.convolution.problem
    let area = problem.output.area
    let fields = operation.offsetGroups * problem.kernel.area
    let offset = (image * 2 * fields + 2 * field) * area + pixel
    let top =
      pixel / problem.output.width * problem.stride.height - problem.padding.top
      + tap / problem.kernel.width * problem.dilation.height
    let left =
      pixel % problem.output.width * problem.stride.width - problem.padding.left
      + tap % problem.kernel.width * problem.dilation.width
    let place = interpolated(
      plane: (image * problem.inChannels + channel) * problem.input.area,
      y: Float(top) + offsets[offset], x: Float(left) + offsets[offset + area])
    // Outside there is nothing that a mask could weight, not even one that is infinite.
    guard var sample = place else { return Sample() }
    if operation.isModulated {
      let factor = Double(mask[(image * fields + field) * area + pixel])
      sample.value *= factor
      sample.magnitude = (sample.magnitude * abs(factor)).orZero
    }
    return sample
  }

  /// What lies at a place between pixels; nil where that is outside the image.
  private func interpolated(plane: Int, y: Float, x: Float) -> Sample? {
    let extent = operation.convolution.problem.input
    // A comparison with NaN is false, so that such a place lies outside, too.
    guard y > -1, y < Float(extent.height), x > -1, x < Float(extent.width) else {
      return nil
    }
    let (row, column) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
    let (down, right) = (Double(y) - Double(row), Double(x) - Double(column))
    var sample = Sample()
    for (dy, dx, weight) in [
      (0, 0, (1 - down) * (1 - right)), (0, 1, (1 - down) * right),
      (1, 0, down * (1 - right)), (1, 1, down * right),
    ] {
      let (y, x) = (row + dy, column + dx)
      guard y >= 0, y < extent.height, x >= 0, x < extent.width else { continue }
      // A pixel without weight is not read: it may be infinite.
      guard Float(weight) != 0 else { continue }
      let term = Double(input[plane + y * extent.width + x]) * weight
      sample.value += term
      sample.magnitude += abs(term).orZero
    }
    return sample
  }
}
