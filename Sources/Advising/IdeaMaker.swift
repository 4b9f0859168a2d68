// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import Suites

/// Finds the changes that apply to a network.
public struct IdeaMaker {
  /// Floats in a vector of the machine.
  let lanes: Int

  /// A maker for a machine whose vectors hold `lanes` floats.
  public init(lanes: Int) { self.lanes = lanes }

  /// The single convolutions of a network, each with its multiplicity; blocks are the same again.
  public static func layers(of suite: Suite) -> [SuiteCase] {
    suite.cases.filter { !$0.isBlock && $0.partOf == nil && $0.steps.count == 1 }
  }

  /// The ideas for each layer, and for each two layers that follow each other, in order.
  public func ideas(for suite: Suite) -> [Idea] {
    let layers = Self.layers(of: suite)
    var ideas = layers.flatMap { self.ideas(for: $0) }
    for (first, second) in zip(layers, layers.dropFirst())
    where first.outputShape == second.inputShape && first.multiplicity == second.multiplicity
      && first.epilogue == second.epilogue
    {
      ideas += self.ideas(for: first, second)
    }
    return ideas
  }

  private func ideas(for layer: SuiteCase) -> [Idea] {
    let problem = layer.steps[0].problem
    let steps: [[Idea]] = [
      groups(layer, problem), separable(layer, problem), bottleneck(layer, problem),
      stack(layer, problem), factorised(layer, problem), dilated(layer, problem),
      dense(layer, problem), rounded(layer, problem),
      squeezed(layer, problem), skipped(layer, problem), deformable(layer, problem),
    ]
    return steps.flatMap { $0 }
  }

  /// An idea of convolutions, where all of them exist.
  func idea(
    _ kind: IdeaKind, _ detail: String, _ layers: [SuiteCase], _ steps: [ConvolutionProblem?]
  ) -> [Idea] {
    let whole = steps.compactMap { $0 }
    guard whole.count == steps.count else { return [] }
    return [Idea(kind, detail, layers, steps: whole)]
  }

  func block(
    _ kind: IdeaKind, _ detail: String, _ layers: [SuiteCase],
    _ build: (inout OperationGraph) throws -> Void
  ) -> [Idea] {
    guard let input = layers[0].inputShape else { return [] }
    var graph = OperationGraph(input: input)
    do {
      try build(&graph)
      try graph.checkComplete()
    } catch {
      // A graph that does not fit is no idea for this layer.
      return []
    }
    return [Idea(kind, detail, layers, graph: graph)]
  }
}
