// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// One axis of a depthwise convolution: along the lines of outputs, or across them.
struct LineAxis {
  /// Inputs along the axis.
  var inputs: Int
  /// Outputs along the axis.
  var outputs: Int
  /// Taps of the kernel along the axis.
  var taps: Int
  /// Inputs from an output to the next.
  var stride: Int
  /// Inputs from a tap to the next.
  var dilation: Int
  /// Zeros before the first input.
  var padding: Int
  /// Bytes from an input to the next.
  var inputPitch: Int
  /// Bytes from an output to the next.
  var outputPitch: Int

  /// The axis of `problem` at `key`.
  init(_ problem: ConvolutionProblem, _ key: ImageAxis, inputPitch: Int, outputPitch: Int) {
    inputs = problem.input[key]
    outputs = problem.output[key]
    taps = problem.kernel[key]
    stride = problem.stride[key]
    dilation = problem.dilation[key]
    padding = key == .height ? problem.padding.top : problem.padding.left
    self.inputPitch = inputPitch
    self.outputPitch = outputPitch
  }

  /// The outputs in runs of which all see the same taps inside the image.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for output in 0..<outputs {
      if let last = runs.last, tapsInside(last.lowerBound) == tapsInside(output) {
        runs[runs.count - 1] = last.lowerBound..<output + 1
      } else {
        runs.append(output..<output + 1)
      }
    }
    return runs
  }

  /// The taps of `output` that lie inside the image.
  func tapsInside(_ output: Int) -> Range<Int> {
    let start = output * stride - padding
    let first = min(taps, ceilingOfQuotient(-start, dilation))
    let end = min(taps, ceilingOfQuotient(inputs - start, dilation))
    return first..<max(first, end)
  }
}

/// `⌈dividend / divisor⌉`, and 0 for a negative dividend.
func ceilingOfQuotient(_ dividend: Int, _ divisor: Int) -> Int {
  dividend <= 0 ? 0 : (dividend + divisor - 1) / divisor
}
