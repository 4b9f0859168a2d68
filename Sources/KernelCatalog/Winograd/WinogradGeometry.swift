// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A convolution as tiles of outputs, and where things lie in its layout.
///
/// A dilated convolution is one plain convolution for each phase: outputs that are multiples of the
/// dilation apart see inputs that are such multiples apart.
///
/// - Units: all steps count bytes.
struct WinogradGeometry {
  /// The convolution.
  let problem: ConvolutionProblem
  /// Outputs of a tile in each direction, and inputs.
  let form: WinogradForm
  /// Bytes of a vector of channels.
  let vector: Int
  /// Vectors of input and of output channels.
  let inputVectors, outputVectors: Int
  /// From one column to the next, in the input and in the output.
  let inputColumn, outputColumn: Int
  /// From one vector of channels to the next.
  let inputVector, outputVector: Int
  /// Where the last vector of input channels starts, and where it lies in a tile of the transformed
  /// input.
  let lastInputVector, lastTransformedVector: Int
  /// From one image to the next.
  let inputImage, outputImage: Int
  /// Output channels in the last vector that are written.
  let lastLanes: Int

  /// The geometry of `problem` in `layout`.
  /// - Requires: `channelBlocked(lanes)`, or `nhwc` and at least `lanes` input channels.
  init(_ problem: ConvolutionProblem, form: WinogradForm, layout: Layout, lanes: Int) {
    self.problem = problem
    self.form = form
    let float = ElementType.f32.bytes
    vector = lanes * float
    inputVectors = (problem.inChannels + lanes - 1) / lanes
    outputVectors = (problem.outChannels + lanes - 1) / lanes
    let isBlocked = layout.isBlocked
    inputColumn = isBlocked ? vector : problem.inChannels * float
    outputColumn = isBlocked ? vector : problem.outChannels * float
    inputVector = isBlocked ? problem.input.area * vector : vector
    outputVector = isBlocked ? problem.output.area * vector : vector
    // Without layout padding the last vector overlaps the one before it. Steps do not tell which it
    // is: of one pixel, blocks of channels lie as NHWC does.
    let overlapping = (problem.inChannels - lanes) * float
    lastInputVector = isBlocked ? (inputVectors - 1) * inputVector : overlapping
    lastTransformedVector = isBlocked ? (inputVectors - 1) * vector : overlapping
    lastLanes = isBlocked ? lanes : problem.outChannels - (outputVectors - 1) * lanes
    inputImage = layout.count(problem.inputShape) / problem.batch * float
    outputImage = layout.count(problem.outputShape) / problem.batch * float
  }

  /// Number of tiles.
  var tileCount: Int {
    problem.batch * Self.tiles(problem, .height, form.outputs)
      * Self.tiles(problem, .width, form.outputs)
  }

  /// Tiles along one axis, over all phases.
  private static func tiles(
    _ problem: ConvolutionProblem, _ axis: ImageAxis, _ size: Int
  ) -> Int {
    let phases = problem.dilation[axis]
    return (0..<min(phases, problem.output[axis])).reduce(0) { sum, phase in
      let outputs = (problem.output[axis] - phase + phases - 1) / phases
      return sum + (outputs + size - 1) / size
    }
  }

  /// All tiles, phase by phase, those of a row next to each other.
  var tiles: [WinogradTile] {
    let rows = segments(.height, padding: problem.padding.top)
    let columns = segments(.width, padding: problem.padding.left)
    var tiles: [WinogradTile] = []
    for image in 0..<problem.batch {
      for row in rows {
        for column in columns {
          tiles.append(
            WinogradTile(
              input: image * inputImage + (row.input * problem.input.width + column.input)
                * inputColumn,
              output: image * outputImage + (row.output * problem.output.width + column.output)
                * outputColumn,
              inputRows: row.inside, inputColumns: column.inside, rows: row.outputs,
              columns: column.outputs))
        }
      }
    }
    return tiles
  }

  /// A tile along one axis.
  private struct Segment {
    /// Its first input, possibly outside the image, and its first output.
    var input, output: Int
    /// Which of its inputs lie in the image.
    var inside: Range<Int>
    /// How many of its outputs the image has.
    var outputs: Int
  }

  private func segments(_ axis: ImageAxis, padding: Int) -> [Segment] {
    let step = problem.dilation[axis]
    let outputs = problem.output[axis]
    let inputs = problem.input[axis]
    return (0..<min(step, outputs)).flatMap { phase in
      stride(from: phase, to: outputs, by: form.outputs * step).map { output in
        let input = output - padding
        let first = min(form.points, ceilingOfQuotient(-input, step))
        let end = min(form.points, ceilingOfQuotient(inputs - input, step))
        return Segment(
          input: input, output: output, inside: first..<max(first, end),
          outputs: min(form.outputs, (outputs - output + step - 1) / step))
      }
    }
  }
}
