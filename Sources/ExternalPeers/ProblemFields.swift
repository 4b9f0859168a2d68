// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A problem as the protocol writes it: in plain words, dilation 1 is dense.
///
/// The keys are those of the columns of `measurements.csv`.
struct ProblemFields: Codable, Hashable {
  var groups: Int
  var batch: Int
  var inChannels: Int
  var inHeight: Int
  var inWidth: Int
  var outChannels: Int
  var outHeight: Int
  var outWidth: Int
  var kernelHeight: Int
  var kernelWidth: Int
  var strideHeight: Int
  var strideWidth: Int
  var padTop: Int
  var padLeft: Int
  var padBottom: Int
  var padRight: Int
  var dilationHeight: Int
  var dilationWidth: Int

  enum CodingKeys: String, CodingKey {
    case groups, batch
    case inChannels = "in_channels"
    case inHeight = "in_height"
    case inWidth = "in_width"
    case outChannels = "out_channels"
    case outHeight = "out_height"
    case outWidth = "out_width"
    case kernelHeight = "kernel_height"
    case kernelWidth = "kernel_width"
    case strideHeight = "stride_height"
    case strideWidth = "stride_width"
    case padTop = "pad_top"
    case padLeft = "pad_left"
    case padBottom = "pad_bottom"
    case padRight = "pad_right"
    case dilationHeight = "dilation_height"
    case dilationWidth = "dilation_width"
  }

  init(_ problem: ConvolutionProblem) {
    groups = problem.groups
    batch = problem.batch
    inChannels = problem.inChannels
    inHeight = problem.input.height
    inWidth = problem.input.width
    outChannels = problem.outChannels
    outHeight = problem.output.height
    outWidth = problem.output.width
    kernelHeight = problem.kernel.height
    kernelWidth = problem.kernel.width
    strideHeight = problem.stride.height
    strideWidth = problem.stride.width
    padTop = problem.padding.top
    padLeft = problem.padding.left
    padBottom = problem.padding.bottom
    padRight = problem.padding.right
    dilationHeight = problem.dilation.height
    dilationWidth = problem.dilation.width
  }

  /// The problem that the fields describe.
  /// - Throws: `ProblemError`, also where its output is not of the size that follows from the others:
  ///   one of the two sides would be compared with the result of another problem.
  func problem() throws(ProblemError) -> ConvolutionProblem {
    let problem = try ConvolutionProblem(
      groups: groups, batch: batch, inChannels: inChannels, outChannels: outChannels,
      input: Extent(inHeight, inWidth), kernel: Extent(kernelHeight, kernelWidth),
      stride: Extent(strideHeight, strideWidth),
      padding: Padding(top: padTop, left: padLeft, bottom: padBottom, right: padRight),
      dilation: Extent(dilationHeight, dilationWidth))
    let output = problem.output
    for (key, value, computed) in [
      ("out_height", outHeight, output.height), ("out_width", outWidth, output.width),
    ] where value != computed {
      throw .inconsistentOutput(key: key, value: value, computed: computed)
    }
    return problem
  }
}
