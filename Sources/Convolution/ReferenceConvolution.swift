// SPDX-License-Identifier: Apache-2.0

/// The textbook sum in Double, against which every variant is checked.
///
/// Each product of two floats is exact in Double, and n of them add up with a relative error below
/// n·2⁻⁵³ of `Σ|x·w|`: far below what a 32-bit kernel can be held to.
public struct ReferenceConvolution: Sendable {
  /// The operation's result at each output, `[N][Co][Ho][Wo]`.
  public let values: [Double]
  /// `Σ|x·w|` (plus `|bias|`) at each output, over the terms that are finite: what the error bound
  /// scales with.
  public let magnitudes: [Double]
  /// The outputs that were computed, as indices into `[N][Co][Ho][Wo]`; nil where all were.
  public let sampledIndices: [Int]?
  /// The convolution of which these are the outputs; nil for what is none, or deformable.
  public let problem: ConvolutionProblem?

  /// A reference computed elsewhere.
  public init(values: [Double], magnitudes: [Double], sampledIndices: [Int]?) {
    self.values = values
    self.magnitudes = magnitudes
    self.sampledIndices = sampledIndices
    problem = nil
  }

  /// Computes the outputs at `indices` of `[N][Co][Ho][Wo]`; every one where they are nil.
  public init(
    _ operation: ConvolutionOperation, input: TensorValues, weights: Weights,
    at indices: [Int]? = nil
  ) {
    guard let quantization = weights.quantization else {
      self.init(sumsOf: operation, input: input, weights: weights, at: indices)
      return
    }
    let plain = Self.integers(operation, input, weights, quantization)
    self.init(
      Self(sumsOf: plain.operation, input: plain.input, weights: plain.weights, at: indices),
      operation, quantization)
  }

  private init(
    sumsOf operation: ConvolutionOperation, input: TensorValues, weights: Weights,
    at indices: [Int]?
  ) {
    precondition(input.count == operation.problem.inputShape.count)
    sampledIndices = indices
    problem = operation.problem
    guard let indices else {
      (values, magnitudes) = Self.sums(operation, input: input, weights: weights)
      return
    }
    let sums = indices.map { Self.sum(operation, at: $0, input: input, weights: weights) }
    values = sums.map { $0.value }
    magnitudes = sums.map { $0.magnitude }
  }

  /// Every output.
  private static func sums(
    _ operation: ConvolutionOperation, input: TensorValues, weights: Weights
  ) -> (values: [Double], magnitudes: [Double]) {
    let problem = operation.problem
    var values = [Double](repeating: 0, count: problem.outputShape.count)
    var magnitudes = values
    for image in 0..<problem.batch {
      for channel in 0..<problem.outChannels {
        accumulate(
          operation, image: image, channel: channel, input: input, weights: weights,
          values: &values, magnitudes: &magnitudes)
      }
    }
    return (values, magnitudes)
  }

  /// The outputs that become of exact `sums` of integers.
  private init(
    _ sums: ReferenceConvolution, _ operation: ConvolutionOperation, _ quantization: Quantization
  ) {
    let problem = operation.problem
    sampledIndices = sums.sampledIndices
    values = sums.values.enumerated().map { place, sum in
      let index = sums.sampledIndices?[place] ?? place
      return quantization.output(
        Int(sum), channel: index / problem.output.area % problem.outChannels,
        hasReLU: operation.epilogue.hasReLU, as: problem.dataType.output)
    }
    magnitudes = values.map { abs($0) }
    self.problem = problem
  }

  /// The same sums of whole numbers, which floats hold and Double adds up exactly.
  private static func integers(
    _ operation: ConvolutionOperation, _ input: TensorValues, _ weights: Weights,
    _ quantization: Quantization
  ) -> (operation: ConvolutionOperation, input: TensorValues, weights: Weights) {
    var plain = operation
    plain.problem.dataType = .f32
    plain.epilogue.hasReLU = false
    let zero = TensorValue(quantization.inputZero)
    return (
      plain, input.map { $0 - zero },
      Weights(plain, filter: weights.filter, bias: weights.bias)
    )
  }

  /// Every output, computed already.
  init(values: [Double], magnitudes: [Double]) {
    self.values = values
    self.magnitudes = magnitudes
    sampledIndices = nil
    problem = nil
  }

  /// Adds up one output channel of one image, tap by tap over whole rows.
  private static func accumulate(
    _ operation: ConvolutionOperation, image: Int, channel: Int, input: TensorValues,
    weights: Weights, values: inout [Double], magnitudes: inout [Double]
  ) {
    let problem = operation.problem
    let plane = (image * problem.outChannels + channel) * problem.output.area
    let outputs = plane..<plane + problem.output.area
    let bias = operation.epilogue.hasBias ? Double(weights.bias[channel]) : 0
    for index in outputs { (values[index], magnitudes[index]) = (bias, abs(bias)) }
    let perGroup = problem.inChannelsPerGroup
    let firstInput = channel / problem.outChannelsPerGroup * perGroup
    for offset in 0..<perGroup {
      add(
        problem, filter: (channel * perGroup + offset) * problem.kernel.area,
        inputPlane: (image * problem.inChannels + firstInput + offset) * problem.input.area,
        plane: plane, input: input, weights: weights, values: &values, magnitudes: &magnitudes)
    }
    // Whatever is infinite or NaN is rare, and looked at again.
    for index in outputs where !magnitudes[index].isFinite {
      magnitudes[index] =
        Self.sum(operation, at: index, input: input, weights: weights).magnitude
    }
    guard operation.epilogue.hasReLU else { return }
    for index in outputs { values[index] = values[index].rectified }
  }

  /// Adds the products of one input channel to an output channel.
  private static func add(
    _ problem: ConvolutionProblem, filter: Int, inputPlane: Int, plane: Int, input: TensorValues,
    weights: Weights, values: inout [Double], magnitudes: inout [Double]
  ) {
    for tapRow in 0..<problem.kernel.height {
      let rowOffset = tapRow * problem.dilation.height - problem.padding.top
      let rows = problem.outputs(
        along: .height, withTapAt: rowOffset, insideAxisOf: problem.input.height)
      for tapColumn in 0..<problem.kernel.width {
        let columnOffset = tapColumn * problem.dilation.width - problem.padding.left
        let columns = problem.outputs(
          along: .width, withTapAt: columnOffset, insideAxisOf: problem.input.width)
        let weight = Double(weights.filter[filter + tapRow * problem.kernel.width + tapColumn])
        for row in rows {
          let y = row * problem.stride.height + rowOffset
          add(
            weight, to: plane + row * problem.output.width, columns,
            from: inputPlane + y * problem.input.width + columnOffset,
            step: problem.stride.width, input: input, values: &values, magnitudes: &magnitudes)
        }
      }
    }
  }

  /// Adds the products of one weight to a row of outputs.
  private static func add(
    _ weight: Double, to target: Int, _ columns: Range<Int>, from source: Int, step: Int,
    input: TensorValues, values: inout [Double], magnitudes: inout [Double]
  ) {
    values.withUnsafeMutableBufferPointer { values in
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        input.withUnsafeBufferPointer { input in
          for column in columns {
            let product = Double(input[source + column * step]) * weight
            values[target + column] += product
            magnitudes[target + column] += abs(product)
          }
        }
      }
    }
  }

  /// Adds up a single output.
  private static func sum(
    _ operation: ConvolutionOperation, at index: Int, input: TensorValues, weights: Weights
  ) -> (value: Double, magnitude: Double) {
    let problem = operation.problem
    let column = index % problem.output.width
    let row = index / problem.output.width % problem.output.height
    let channel = index / problem.output.area % problem.outChannels
    let image = index / problem.output.area / problem.outChannels
    let perGroup = problem.inChannelsPerGroup
    let firstInput = channel / problem.outChannelsPerGroup * perGroup
    var value = operation.epilogue.hasBias ? Double(weights.bias[channel]) : 0
    var magnitude = abs(value).orZero
    for offset in 0..<perGroup {
      let plane = (image * problem.inChannels + firstInput + offset) * problem.input.area
      problem.forEachTap(row: row, column: column) { tap, pixel in
        let weight = Double(
          weights.filter[(channel * perGroup + offset) * problem.kernel.area + tap])
        let product = Double(input[plane + pixel]) * weight
        value += product
        magnitude += abs(product).orZero
      }
    }
    return (operation.epilogue.hasReLU ? value.rectified : value, magnitude)
  }
}
