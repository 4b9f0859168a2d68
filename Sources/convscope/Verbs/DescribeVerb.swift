// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

/// `convscope describe`: what a descriptor means and promises.
struct DescribeVerb: Verb {
  static let name = "describe"
  static let operands = "DESCRIPTOR…"
  static let summary = "Explain a problem descriptor: shapes, parameters, MACs, bytes."
  static let discussion = """
    A DESCRIPTOR is benchdnn's notation, as g32ic128ih56oc128kh3ph1; dh counts dilation minus one,
    the default batch is 1. Several descriptors in one call are layers that follow each other.
    """
  static let options = [
    Option(
      "--dt", "TYPE", "the data type: \(DataType.accepted) (default: the descriptor's, else f32)")
  ]

  private let descriptors: [String]
  private let dataType: DataType?

  init(_ arguments: Arguments) throws {
    descriptors = arguments.operands
    dataType = try RunOptions.dataType(arguments)
    guard !descriptors.isEmpty else { throw UsageError.missingOperand("DESCRIPTOR") }
    guard descriptors.count <= SuiteLimits.mostSteps else {
      throw UsageError.tooManyOperands(
        descriptors[SuiteLimits.mostSteps], accepted: "at most \(SuiteLimits.mostSteps) layers")
    }
  }

  func run() throws -> ExitCode {
    let problems = try descriptors.map { text in
      do throws(ProblemError) {
        var named = try ProblemDescriptor.parse(text)
        named.problem.dataType = dataType ?? named.problem.dataType
        return named
      } catch {
        throw UsageError.invalidDescriptor(text, reason: error)
      }
    }
    var lines = try problems.flatMap { try self.lines($0) }
    if problems.count > 1 {
      let field = try problems.reduce(ReceptiveField.pixel) { try $0.seen(through: $1.problem) }
      lines += ["together", "  receptive field  \(field.height) x \(field.width)"]
      lines += costLines(CostModel(sequence: problems.map { CostModel($0.problem) }))
    }
    for line in lines { Console.out(line) }
    return .success
  }

  private func lines(_ named: NamedProblem) throws -> [String] {
    let problem = named.problem
    let padding = problem.padding
    let field = try ReceptiveField.pixel.seen(through: problem)
    return [
      ProblemDescriptor.print(named),
      "  input            \(shape(problem.inputShape))",
      "  filter           \(problem.outChannels) x \(problem.inChannelsPerGroup) x "
        + "\(problem.kernel.height) x \(problem.kernel.width), groups \(problem.groups)",
      "  output           \(shape(problem.outputShape))",
      "  stride           \(problem.stride.height) x \(problem.stride.width)",
      "  padding          top \(padding.top), left \(padding.left), bottom \(padding.bottom), "
        + "right \(padding.right)",
      "  dilation         \(problem.dilation.height) x \(problem.dilation.width) (1 is dense)",
      "  receptive field  \(field.height) x \(field.width)",
      "  data type        \(types(problem.dataType))",
    ] + costLines(CostModel(problem))
  }

  private func costLines(_ cost: CostModel) -> [String] {
    let inside = 100 * Double(cost.macsInsideImage) / Double(cost.macs)
    return [
      "  parameters       \(cost.parameters)",
      "  MACs             \(cost.macs) (\(rounded(inside)) % inside the image)",
      "  traffic          \(cost.trafficBytes) bytes at least",
      "  intensity        \(rounded(cost.arithmeticIntensity)) FLOP/byte",
    ]
  }

  private func types(_ type: DataType) -> String {
    let bytes = [("input", type.input), ("filter", type.filter), ("output", type.output)]
      .map { "\($0) \($1.bytes)" }.joined(separator: ", ")
    return "\(type.rawValue) (bytes each: \(bytes))"
  }

  private func shape(_ shape: ActivationShape) -> String {
    "\(shape.batch) x \(shape.channels) x \(shape.extent.height) x \(shape.extent.width)"
  }

  private func rounded(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
