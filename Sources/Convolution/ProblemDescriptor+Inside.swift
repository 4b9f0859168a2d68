// SPDX-License-Identifier: Apache-2.0

extension ProblemDescriptor {
  /// Reads the descriptor of a convolution inside a block; batch, channels and size that it leaves
  /// out are those of `shape`, which it reads.
  /// - Throws: `ProblemError` naming the key, its value and what is accepted.
  public static func parse(
    _ text: String, reading shape: ActivationShape
  ) throws(ProblemError) -> ConvolutionProblem {
    var fields = try DescriptorFields(text)
    fields.supply(shape)
    return try fields.problem()
  }

  /// Reads the window of a pooling over `shape`: kernel, stride, padding and dilation.
  /// - Throws: `ProblemError` naming the key, its value and what is accepted; also where a window lies
  ///   in the padding.
  public static func window(
    _ text: String, over shape: ActivationShape
  ) throws(ProblemError) -> ConvolutionProblem {
    var fields = try DescriptorFields(text)
    for key in ["g", "oc", "ic"] {
      guard let value = fields.values[key] else { continue }
      guard value == shape.channels else { throw .notOfWindow(key: key, value: value) }
    }
    fields.supply(shape)
    for key in ["g", "oc"] { fields.supply(key, shape.channels) }
    let window = try fields.problem()
    for (axis, key) in [("row", ImageAxis.height), ("column", ImageAxis.width)] {
      if let output = window.emptyWindow(along: key) {
        throw .emptyWindow(axis: axis, output: output)
      }
    }
    return window
  }

  /// Reads the shape of activations: `mb`, `ic`, `ih`, `iw`.
  /// - Throws: `ProblemError` naming the key, its value and what is accepted.
  public static func shape(_ text: String) throws(ProblemError) -> ActivationShape {
    var fields = try DescriptorFields(text)
    for key in ["oc", "kh", "kw"] { fields.supply(key, 1) }
    if let height = fields.values["ih"] { fields.supply("iw", height) }
    return try fields.problem().inputShape
  }
}

extension DescriptorFields {
  /// Supplies what a convolution that reads `shape` leaves out.
  fileprivate mutating func supply(_ shape: ActivationShape) {
    let hasSize = values["ih"] != nil || values["iw"] != nil
    supply("mb", shape.batch)
    supply("ic", shape.channels)
    guard !hasSize else { return }
    supply("ih", shape.extent.height)
    // A width of its own would ask for a kernel width of its own, too.
    if shape.extent.width != shape.extent.height { supply("iw", shape.extent.width) }
  }
}

extension ConvolutionProblem {
  /// The first output along an axis whose window has no tap inside the image; nil where each has one.
  fileprivate func emptyWindow(along axis: ImageAxis) -> Int? {
    let before = axis == .height ? padding.top : padding.left
    let (size, taps) = (input[axis], kernel[axis])
    let (step, spread) = (stride[axis], dilation[axis])
    let last = output[axis] - 1
    // Windows that begin before the image, of which the first one reaches least far into it.
    for output in 0...min(last, before / step) {
      let start = output * step - before
      let tap = start < 0 ? (spread - 1 - start) / spread : 0
      if tap >= taps || start + tap * spread >= size { return output }
    }
    let beyond = (size + before + step - 1) / step
    return beyond <= last ? beyond : nil
  }
}
