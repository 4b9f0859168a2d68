// SPDX-License-Identifier: Apache-2.0

extension ReferenceConvolution {
  /// Computes every output of a deformable convolution.
  /// - Parameters:
  ///   - operation: what is computed.
  ///   - input: plain `[N][Ci][H][W]`.
  ///   - offsets: as `DeformableOperation` says.
  ///   - mask: as `DeformableOperation` says; empty without modulation.
  ///   - weights: filter and bias.
  public init(
    _ operation: DeformableOperation, input: TensorValues, offsets: TensorValues,
    mask: TensorValues,
    weights: Weights
  ) {
    let sampler = ReferenceSampler(operation, input: input, offsets: offsets, mask: mask)
    let problem = operation.convolution.problem
    var values: [Double] = []
    var magnitudes: [Double] = []
    for image in 0..<problem.batch {
      let samples = sampler.samples(image: image)
      for channel in 0..<problem.outChannels {
        for pixel in 0..<problem.output.area {
          let sum = Self.sum(
            operation.convolution, channel: channel, pixel: pixel, samples, weights)
          values.append(sum.value)
          magnitudes.append(sum.magnitude)
        }
      }
    }
    self.init(values: values, magnitudes: magnitudes)
  }

  private static func sum(
    _ operation: ConvolutionOperation, channel: Int, pixel: Int,
    _ samples: [ReferenceSampler.Sample], _ weights: Weights
  ) -> (value: Double, magnitude: Double) {
    let problem = operation.problem
    let perOutput = problem.inChannelsPerGroup * problem.kernel.area
    let first = channel / problem.outChannelsPerGroup * perOutput
    var value = operation.epilogue.hasBias ? Double(weights.bias[channel]) : 0
    var magnitude = abs(value).orZero
    for term in 0..<perOutput {
      let weight = Double(weights.filter[channel * perOutput + term])
      let sample = samples[(first + term) * problem.output.area + pixel]
      value += sample.value * weight
      magnitude += (sample.magnitude * abs(weight)).orZero
    }
    return (operation.epilogue.hasReLU ? value.rectified : value, magnitude)
  }
}
