// SPDX-License-Identifier: Apache-2.0

extension ProblemDescriptor {
  /// Writes the shortest descriptor from which `parse` makes the same problem.
  ///
  /// Keys at their default and widths equal to their heights are left out; the output size is
  /// written where the padding after the image differs from the padding before it.
  public static func print(_ named: NamedProblem) -> String {
    var text = print(named.problem)
    if let name = named.name {
      let multiplicity = named.multiplicity > 1 ? "*\(named.multiplicity)" : ""
      text += "n\"\(name)\(multiplicity)\""
    } else if named.multiplicity > 1 {
      text += "n\"*\(named.multiplicity)\""
    }
    return text
  }

  /// Writes the shortest descriptor of an unnamed problem.
  public static func print(_ problem: ConvolutionProblem) -> String {
    let padding = problem.padding
    let asymmetric = padding.top != padding.bottom || padding.left != padding.right
    var text = problem.groups > 1 ? "g\(problem.groups)" : ""
    text += problem.batch > 1 ? "mb\(problem.batch)" : ""
    text += "ic\(problem.inChannels)" + pair("ih", "iw", problem.input)
    text += "oc\(problem.outChannels)"
    text += asymmetric ? pair("oh", "ow", problem.output) : ""
    text += pair("kh", "kw", problem.kernel)
    text += pair("sh", "sw", problem.stride, omitting: 1)
    let before = Extent(padding.top, padding.left)
    text += asymmetric ? pair("ph", "pw", before) : pair("ph", "pw", before, omitting: 0)
    let minusOne = Extent(problem.dilation.height - 1, problem.dilation.width - 1)
    text += pair("dh", "dw", minusOne, omitting: 0)
    return text
  }

  private static func pair(
    _ height: String, _ width: String, _ extent: Extent, omitting default: Int? = nil
  ) -> String {
    if extent.height == extent.width {
      return extent.height == `default` ? "" : "\(height)\(extent.height)"
    }
    return "\(height)\(extent.height)\(width)\(extent.width)"
  }
}
