// SPDX-License-Identifier: Apache-2.0

extension ProblemDescriptor {
  /// Writes the shortest descriptor from which `parse` makes the same problem.
  ///
  /// Keys at their default and widths equal to their heights are left out; the output size is
  /// written where it does not follow from the padding before the image, and the padding after it
  /// where that does not follow from the output size either.
  public static func print(_ named: NamedProblem) -> String {
    var text = print(named.problem)
    let name = named.name ?? ""
    // A name that ends like a multiplicity needs one of its own, or its end would be taken for it.
    let needsCount = named.multiplicity > 1 || DescriptorFields.trailingCount(name[...]) != nil
    let count = needsCount ? "*\(named.multiplicity)" : ""
    if !name.isEmpty || needsCount { text += "n\"\(name)\(count)\"" }
    return text
  }

  /// Writes the shortest descriptor of an unnamed problem.
  public static func print(_ problem: ConvolutionProblem) -> String {
    let before = Extent(problem.padding.top, problem.padding.left)
    let after = Extent(problem.padding.bottom, problem.padding.right)
    let givesOutput = paddingBeforeGivesOutput(problem)
    let needsAfter = after != (givesOutput ? before : paddingAfterOutput(problem))
    let needsOutput = !givesOutput && !needsAfter
    let minusOne = Extent(problem.dilation.height - 1, problem.dilation.width - 1)
    let pairs = [
      problem.input, problem.output, problem.kernel, problem.stride, before, after, minusOne,
    ]
    // Widths are left out together or not at all, because the presence of one says that no other
    // copies its height.
    let isSquare = pairs.allSatisfy { $0.height == $0.width }
    func pair(_ key: String, _ extent: Extent, omitting value: Int? = nil) -> String {
      if extent.height == value, extent.width == value { return "" }
      return "\(key)h\(extent.height)" + (isSquare ? "" : "\(key)w\(extent.width)")
    }
    var text = prefix(problem) + "ic\(problem.inChannels)" + pair("i", problem.input)
    text += "oc\(problem.outChannels)" + (needsOutput ? pair("o", problem.output) : "")
    text += pair("k", problem.kernel) + pair("s", problem.stride, omitting: 1)
    text += pair("p", before, omitting: needsOutput ? nil : 0)
    text += needsAfter ? pair("r", after) : ""
    return text + pair("d", minusOne, omitting: 0)
  }

  /// The type, groups and batch that are not the defaults.
  private static func prefix(_ problem: ConvolutionProblem) -> String {
    let type =
      problem.dataType == .f32 ? "" : "\(ProblemDescriptor.typeOption)\(problem.dataType.rawValue) "
    let groups = problem.groups > 1 ? "g\(problem.groups)" : ""
    return type + groups + (problem.batch > 1 ? "mb\(problem.batch)" : "")
  }

  /// The padding after the image that `parse` deduces from the output size.
  private static func paddingAfterOutput(_ problem: ConvolutionProblem) -> Extent {
    func after(_ axis: ImageAxis, _ before: Int) -> Int {
      let covered = problem.dilatedKernel[axis]
      let input = problem.input[axis]
      let stride = problem.stride[axis]
      let output = problem.output[axis]
      let free = input + 2 * before - covered
      if free >= 0, free / stride + 1 == output { return before }
      return max(0, (output - 1) * stride + covered - input - before)
    }
    return Extent(
      after(.height, problem.padding.top), after(.width, problem.padding.left))
  }

  /// Whether the padding before the image, repeated after it, gives the same output size; what
  /// else stands after the image is then reached by no tap.
  private static func paddingBeforeGivesOutput(_ problem: ConvolutionProblem) -> Bool {
    let padding = problem.padding
    let padded = Extent(
      problem.input.height + 2 * padding.top, problem.input.width + 2 * padding.left)
    let free = Extent(
      padded.height - problem.dilatedKernel.height, padded.width - problem.dilatedKernel.width)
    return free.height >= 0 && free.width >= 0
      && free.height / problem.stride.height + 1 == problem.output.height
      && free.width / problem.stride.width + 1 == problem.output.width
  }
}
