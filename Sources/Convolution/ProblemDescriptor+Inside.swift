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
  /// - Throws: `ProblemError` naming the key, its value and what is accepted.
  public static func window(
    _ text: String, over shape: ActivationShape
  ) throws(ProblemError) -> ConvolutionProblem {
    var fields = try DescriptorFields(text)
    fields.supply(shape)
    for key in ["g", "oc"] { fields.supply(key, shape.channels) }
    return try fields.problem()
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
