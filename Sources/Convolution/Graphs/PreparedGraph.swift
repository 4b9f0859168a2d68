// SPDX-License-Identifier: Apache-2.0

/// One way to run operation graphs: node after node, or with nodes joined.
public protocol GraphVariant: Sendable {
  /// What names it.
  var identity: VariantIdentity { get }
  /// How it runs graphs.
  var form: GraphForm { get }

  /// Whether it can run `graph` with `workers` workers.
  func support(_ graph: OperationGraph, workers: Int) -> Support

  /// What it does with `graph`, and what it cannot do: the row's reason.
  /// - Requires: `support(graph, workers:) == .supported`.
  func remark(_ graph: OperationGraph, workers: Int) -> String

  /// Picks variants, packs weights and plans memory.
  /// - Requires: `support(graph, workers:) == .supported`.
  /// - Throws: `MemoryError`.
  func prepare(
    _ graph: OperationGraph, weights: GraphWeights, workers: Int
  ) throws -> PreparedGraph
}

/// A graph ready to run.
public final class PreparedGraph {
  /// What runs, in order.
  public let steps: [PreparedGraphStep]
  /// The graph's input, to be loaded before the first step; no step writes it.
  public let input: Activation
  /// The layouts and kernels that were picked.
  public let implementation: String
  /// Where the packed weights lie.
  public let filterMemory: [UnsafeRawBufferPointer]
  /// Where activations lie.
  public let activationMemory: [UnsafeRawBufferPointer]
  /// Memory beyond activations and packed weights, in bytes.
  public let scratchBytes: Int

  /// A prepared graph.
  public init(
    steps: [PreparedGraphStep], input: Activation, implementation: String,
    filterMemory: [UnsafeRawBufferPointer], activationMemory: [UnsafeRawBufferPointer],
    scratchBytes: Int
  ) {
    self.steps = steps
    self.input = input
    self.implementation = implementation
    self.filterMemory = filterMemory
    self.activationMemory = activationMemory
    self.scratchBytes = scratchBytes
  }
}

/// Nodes that run together and write one tensor.
public struct PreparedGraphStep {
  /// The nodes, in order; the last one's result is written, the others' is nowhere.
  public var nodes: [Int]
  /// What runs; empty where the tensor is already in place.
  public var phases: [Phase]
  /// What is written.
  public var output: Activation
  /// What it reads: tensors that earlier steps have written, or the input.
  public var inputs: [GraphTensor: Activation]
  /// What of the output it writes itself: all, or the parts that no earlier step has written there.
  public var ownParts: [Activation]
  /// What its result is held to, where its kernel transforms instead of summing products; nil for
  /// most.
  public var bound: ErrorBound?
  /// Keeps what the phases work on.
  public var owner: [AnyObject]

  /// A step.
  public init(
    nodes: [Int], phases: [Phase], output: Activation, inputs: [GraphTensor: Activation],
    ownParts: [Activation], bound: ErrorBound? = nil, owner: [AnyObject]
  ) {
    self.nodes = nodes
    self.phases = phases
    self.output = output
    self.inputs = inputs
    self.ownParts = ownParts
    self.bound = bound
    self.owner = owner
  }
}
