// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The numbers of a problem, free to change.
struct ProblemNumbers {
  var groups: Int
  var inChannels: Int
  var outChannels: Int
  var input: Extent
  var kernel: Extent
  var stride: Extent
  var padding: Padding
  var dilation: Extent
}

extension ConvolutionProblem {
  /// The problem with other numbers; nil where there is none of them.
  func changed(_ change: (inout ProblemNumbers) -> Void) -> ConvolutionProblem? {
    var numbers = ProblemNumbers(
      groups: groups, inChannels: inChannels, outChannels: outChannels, input: input,
      kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    change(&numbers)
    return try? ConvolutionProblem(
      groups: numbers.groups, batch: batch, inChannels: numbers.inChannels,
      outChannels: numbers.outChannels, input: numbers.input, kernel: numbers.kernel,
      stride: numbers.stride, padding: numbers.padding, dilation: numbers.dilation)
  }

  /// A 1×1 on the output of this one.
  func pointwise(to channels: Int) -> ConvolutionProblem? {
    try? ConvolutionProblem(
      batch: batch, inChannels: outChannels, outChannels: channels, input: output,
      kernel: Extent(1, 1))
  }

  /// A 1×1 on the input of this one.
  func pointwiseBefore(to channels: Int) -> ConvolutionProblem? {
    try? ConvolutionProblem(
      batch: batch, inChannels: inChannels, outChannels: channels, input: input,
      kernel: Extent(1, 1))
  }

  /// Whether neighbouring taps are neighbours in the image.
  var isUndilated: Bool { dilation == Extent(1, 1) }

  /// Whether it is depthwise, one output for each input channel.
  var isOwnChannel: Bool { isDepthwise && outChannels == inChannels }

  /// Whether it is a dense 1×1 that reads every pixel.
  var isPointwise: Bool { groups == 1 && kernel.area == 1 && stride == Extent(1, 1) }

  /// The kernel as people write it, `3×3`.
  var kernelText: String { "\(kernel.height)×\(kernel.width)" }
}

extension OperationGraph {
  /// Appends a convolution with its epilogue behind the last node.
  /// - Returns: the name of the result.
  mutating func append(
    _ problem: ConvolutionProblem, _ epilogue: Epilogue, as name: String
  ) throws(GraphError) -> String {
    let source = nodes.last?.name ?? Self.inputName
    let own = epilogue.hasReLU ? "\(name).conv" : name
    try append(own, .convolution(problem, hasBias: epilogue.hasBias), reading: [source])
    if epilogue.hasReLU { try append(name, .relu, reading: [own]) }
    return name
  }
}
