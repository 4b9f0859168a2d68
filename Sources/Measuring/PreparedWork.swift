// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A case made ready to run in this process: convolutions in a row, or a block.
protocol PreparedWork: AnyObject {
  /// What runs, in order.
  var phases: [Phase] { get }
  /// The same, cut where results are checked before what follows may overwrite them.
  var parts: [[Phase]] { get }
  /// The steps of a graph: the places of their nodes, none where tensors only change their layout,
  /// and how many of the phases each has; empty where the case is no graph.
  var steps: [(nodes: [Int], phases: Int)] { get }
  /// Whether a step computes on a library's own threads.
  var usesOwnThreads: Bool { get }
  /// What worker 0 does before each round, outside the clock.
  var beforeRound: [Phase] { get }
  /// What worker 0 does after each round, outside the clock.
  var afterRound: [Phase] { get }
  /// What was chosen inside, or nil.
  var implementation: String? { get }
  /// The class of the least accurate step.
  var accuracy: AccuracyClass { get }
  /// The last step's output, plain `[N][Co][Ho][Wo]`.
  var output: [Double] { get }
  /// Memory beyond the tensors of the case and packed weights, in bytes.
  var scratchBytes: Int { get }
  /// Where the packed weights of all steps lie; empty where a step hides them.
  var filterMemory: [UnsafeRawBufferPointer] { get }
  /// Where the activations of all steps lie.
  var activationMemory: [UnsafeRawBufferPointer] { get }

  /// Makes the results of a part NaN, so that an element nobody writes is found.
  func forget(part: Int)
  /// Compares the results of a part that has just run with the reference of what it was given.
  func verify(
    part: Int, caseName: String, data: CaseData, references: ReferenceCache
  ) -> [Verification]
}

extension PreparedWork {
  /// Convolutions in a row are no graph.
  var steps: [(nodes: [Int], phases: Int)] { [] }
}
