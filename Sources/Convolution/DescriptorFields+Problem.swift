// SPDX-License-Identifier: Apache-2.0

extension DescriptorFields {
  /// The problem, with everything deduced that the descriptor leaves out.
  func problem() throws(ProblemError) -> ConvolutionProblem {
    let inChannels = try required("ic")
    let outChannels = try required("oc")
    let vertical = try DescriptorAxis(vertical)
    let horizontal = try DescriptorAxis(horizontal)
    let problem = try ConvolutionProblem(
      groups: values["g"] ?? 1, batch: values["mb"] ?? 1, inChannels: inChannels,
      outChannels: outChannels, input: Extent(vertical.input, horizontal.input),
      kernel: Extent(vertical.kernel, horizontal.kernel),
      stride: Extent(vertical.stride, horizontal.stride),
      padding: Padding(
        top: vertical.paddingBefore, left: horizontal.paddingBefore,
        bottom: vertical.paddingAfter, right: horizontal.paddingAfter),
      dilation: Extent(vertical.dilation, horizontal.dilation))
    try check("oh", vertical.output, computed: problem.output.height)
    try check("ow", horizontal.output, computed: problem.output.width)
    return problem
  }

  private func required(_ key: String) throws(ProblemError) -> Int {
    guard let value = values[key] else {
      throw .missingKey(key: key, deduction: "it cannot be deduced")
    }
    return value
  }

  private func check(
    _ key: String, _ given: Int?, computed: Int
  ) throws(ProblemError) {
    if let given, given != computed {
      throw .inconsistentOutput(key: key, value: given, computed: computed)
    }
  }

  /// The numbers along the height; those of a one-dimensional problem where no height is given.
  private var vertical: AxisNumbers {
    let keys = ["i", "o", "k", "s", "p", "d"].map { "\($0)h" }
    let hasHeight = keys.contains { values[$0] != nil }
    let hasWidth = values["iw"] != nil || values["ow"] != nil || values["kw"] != nil
    guard hasHeight || !hasWidth else {
      return AxisNumbers(letter: "h", input: 1, output: 1, kernel: 1, stride: 1, padding: 0)
    }
    return AxisNumbers(
      letter: "h", input: values["ih"], output: values["oh"], kernel: values["kh"],
      stride: values["sh"], padding: values["ph"], dilationMinusOne: values["dh"])
  }

  /// The numbers along the width, each copied from the height where it is missing.
  private var horizontal: AxisNumbers {
    let height = vertical
    guard values["ih"] != nil || values["oh"] != nil || values["kh"] != nil else {
      return AxisNumbers(
        letter: "w", input: values["iw"], output: values["ow"], kernel: values["kw"],
        stride: values["sw"], padding: values["pw"], dilationMinusOne: values["dw"])
    }
    // The output of an image that is not square follows from its own width.
    let isSquare = values["iw"] == nil || values["iw"] == values["ih"]
    return AxisNumbers(
      letter: "w", input: values["iw"] ?? height.input,
      output: values["ow"] ?? (isSquare ? height.output : nil),
      kernel: values["kw"] ?? height.kernel, stride: values["sw"] ?? height.stride,
      padding: values["pw"] ?? height.padding,
      dilationMinusOne: values["dw"] ?? height.dilationMinusOne)
  }
}
