// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Convolution

/// One thing that is measured: a convolution, several that run one after the other, or a block.
///
/// - Shapes: the output of each step is the input of the next.
public struct SuiteCase: Codable, Hashable, Sendable {
  /// What names it in the suite and in the CSV.
  public var name: String
  /// The convolutions, in the order in which they run; at least one, except in a block.
  public var steps: [NamedProblem]
  /// What follows each step.
  public var epilogue: Epilogue
  /// The axis values from which it was made.
  public var axes: [String: String]
  /// How often a network has it.
  public var multiplicity: Int

  /// The operations of a block and how they connect; nil for convolutions that run in a row.
  public var graph: OperationGraph?
  /// Whether it is a block.
  public var isBlock: Bool { graph != nil }
  /// How a block is run.
  public var form = GraphForm.fused
  /// The files of a network that was read from a model; nil for what has drawn weights.
  public var model: ModelFiles?
  /// The block of which this is a single layer, measured beside it; nil for most cases.
  public var partOf: String?

  /// A case.
  public init(
    name: String, steps: [NamedProblem], epilogue: Epilogue = Epilogue(),
    axes: [String: String] = [:], multiplicity: Int = 1
  ) {
    self.name = ShownText.line(name)
    self.steps = steps
    self.epilogue = epilogue
    self.axes = axes.mapValues(ShownText.line)
    self.multiplicity = multiplicity
  }

  /// A block.
  public init(
    name: String, graph: OperationGraph, form: GraphForm, axes: [String: String] = [:],
    multiplicity: Int = 1
  ) {
    self.init(name: name, steps: graph.convolutions, axes: axes, multiplicity: multiplicity)
    self.graph = graph
    self.form = form
  }

  /// Shape of what it reads.
  public var inputShape: ActivationShape? { graph?.input ?? steps.first?.problem.inputShape }

  /// Shape of its result.
  public var outputShape: ActivationShape? {
    graph?.nodes.last?.shape ?? steps.last?.problem.outputShape
  }

  /// How the numbers of all its tensors are stored.
  public var dataType: DataType { steps.first?.problem.dataType ?? .f32 }

  /// The steps as operations, each with the epilogue.
  public var operations: [ConvolutionOperation] {
    steps.map { ConvolutionOperation($0.problem, epilogue: epilogue) }
  }

  /// What the case promises to cost, its multiplicity not counted.
  public var cost: CostModel {
    graph.map { CostModel($0) } ?? CostModel(sequence: steps.map { CostModel($0.problem) })
  }

  /// The steps' descriptors, joined as the `problem` column of the CSV shows them.
  public var descriptor: String {
    graph?.descriptor
      ?? steps.map { ProblemDescriptor.print($0.problem) }.joined(separator: " + ")
  }
}

extension SuiteCase {
  /// What no case of a suite can be, and one that was read as data may; nil for none of that.
  public var fault: String? {
    if let graph {
      do throws(GraphError) { try graph.checkComplete() } catch { return "\(error)" }
      return steps.map(\.problem) == graph.convolutions.map(\.problem)
        ? nil : "steps are not the convolutions of graph"
    }
    guard (1...SuiteLimits.mostSteps).contains(steps.count) else {
      return "steps has \(steps.count) problems; accepted are 1 to \(SuiteLimits.mostSteps)"
    }
    for (step, next) in zip(steps, steps.dropFirst())
    where step.problem.outputShape != next.problem.inputShape
      || step.problem.dataType != next.problem.dataType
      || step.problem.dataType.output != next.problem.dataType.input
    {
      return "\(ProblemDescriptor.print(next)) does not take what the step before it gives"
    }
    return nil
  }

  /// Whether both compute the same, whatever they are called.
  func computesSame(as other: SuiteCase) -> Bool {
    epilogue == other.epilogue && steps.map(\.problem) == other.steps.map(\.problem)
      && graph == other.graph && form == other.form && model == other.model
  }

  /// The name of a case whose file gives none: the names of its steps, or their descriptors.
  ///
  /// A name says nothing of the data type, which stands behind it where it is not the usual one.
  static func derivedName(_ steps: [NamedProblem], _ epilogue: Epilogue) -> String {
    let chain = steps.map { step in
      let type = step.problem.dataType
      guard let name = step.name else { return ProblemDescriptor.print(step.problem) }
      return type == .f32 ? name : "\(name) \(type.rawValue)"
    }.joined(separator: " + ")
    return epilogue == Epilogue() ? chain : "\(chain) \(epilogue.suiteName)"
  }

  /// The multiplicity of a case whose file gives none: that of its descriptor; 1 for a chain.
  static func derivedMultiplicity(_ steps: [NamedProblem]) -> Int {
    steps.count == 1 ? steps[0].multiplicity : 1
  }
}
