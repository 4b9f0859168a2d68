// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// One axis of a depthwise Winograd convolution, whose kernel is cut into chunks of as many taps as a tile
/// has outputs: tile `t` of outputs is the sum over chunks `c` of tiles `t + c` of inputs.
struct WinogradTileAxis {
  /// Chunks of taps.
  let chunks: Int
  /// Tiles of outputs.
  let outputs: Int
  /// The first tile of inputs that has any inside the image, and how many have.
  let firstInput, inputs: Int
  private let size, points, padding: Int
  private let inputCount, outputCount: Int

  /// The tiles of `problem` along `axis`.
  init(_ problem: ConvolutionProblem, _ axis: ImageAxis, padding: Int, form: WinogradForm) {
    size = form.outputs
    points = form.points
    self.padding = padding
    inputCount = problem.input[axis]
    outputCount = problem.output[axis]
    chunks = ceilingOfQuotient(problem.kernel[axis], form.taps)
    outputs = ceilingOfQuotient(outputCount, size)
    firstInput = max(0, ceilingOfQuotient(padding - points + 1, size))
    inputs = min(outputs + chunks - 1, (inputCount - 1 + padding) / size + 1) - firstInput
  }

  /// Tiles of inputs behind the last one that has any inside the image.
  var inputsBehind: Int { outputs + chunks - 1 - firstInput - inputs }

  /// The first input of each tile that has any inside the image, and which of its inputs are.
  var inputTiles: [(first: Int, inside: Range<Int>)] {
    (firstInput..<firstInput + inputs).map {
      let first = $0 * size - padding
      return (first, max(0, -first)..<min(points, inputCount - first))
    }
  }

  /// The first output of each tile, and how many there are.
  var outputTiles: [(first: Int, count: Int)] {
    (0..<outputs).map { ($0 * size, min(size, outputCount - $0 * size)) }
  }
}
