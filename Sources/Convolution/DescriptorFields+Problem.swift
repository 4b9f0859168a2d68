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

  /// The numbers along the height; those of a one-dimensional problem where only widths are given.
  private var vertical: AxisNumbers {
    let hasHeight =
      values["ih"] != nil || values["oh"] != nil || values["kh"] != nil
      || values["sh"] ?? 1 != 1 || values["ph"] ?? 0 != 0 || values["rh"] ?? 0 != 0
      || values["dh"] ?? 0 != 0
    let hasWidth = values["iw"] != nil || values["ow"] != nil || values["kw"] != nil
    guard hasHeight || !hasWidth else {
      return AxisNumbers(letter: "h", input: 1, output: 1, kernel: 1, stride: 1, padding: 0)
    }
    return numbers("h")
  }

  /// The numbers along the width.
  ///
  /// With `iw` and `kw` the width is described by itself, and what is missing is at its default,
  /// not copied: `kh6sh2kw3` has a stride of 1 along the width where `iw` is given too. Without
  /// them, what is missing copies the height.
  private var horizontal: AxisNumbers {
    let width = numbers("w")
    let hasHeight = values["ih"] != nil || values["oh"] != nil || values["kh"] != nil
    guard hasHeight, width.input == nil || width.kernel == nil else { return width }
    let height = vertical
    // The output of an image that is not square follows from its own width.
    let isSquare = width.input == nil || width.input == height.input
    return AxisNumbers(
      letter: "w", input: width.input ?? height.input,
      output: width.output ?? (isSquare ? height.output : nil),
      kernel: width.kernel ?? height.kernel, stride: width.stride ?? height.stride,
      padding: width.padding ?? height.padding,
      paddingAfter: width.paddingAfter ?? height.paddingAfter,
      dilationMinusOne: width.dilationMinusOne ?? height.dilationMinusOne)
  }

  private func numbers(_ letter: Character) -> AxisNumbers {
    AxisNumbers(
      letter: letter, input: values["i\(letter)"], output: values["o\(letter)"],
      kernel: values["k\(letter)"], stride: values["s\(letter)"], padding: values["p\(letter)"],
      paddingAfter: values["r\(letter)"], dilationMinusOne: values["d\(letter)"])
  }
}
