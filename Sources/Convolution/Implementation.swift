// SPDX-License-Identifier: Apache-2.0

/// One way to compute a fragment of a graph, be it one node or several that are fused: a kernel of ours
/// or a library's.
public protocol Implementation: Sendable {
  /// What `prepare` throws: of ours `MemoryError`, of a library anything.
  associatedtype Failure: Error = MemoryError

  /// What names it.
  var identity: VariantIdentity { get }

  /// In which layouts it can compute `fragment` with `workers` workers; by default it cannot.
  func match(_ fragment: Fragment, workers: Int) -> Match

  /// What the result of a fragment is held to where it is not a sum of products; nil by default.
  func bound(_ fragment: Fragment) -> ErrorBound?

  /// Whether what it reads or writes may be a range of channels of wider activations with channels
  /// innermost, whose pixels are further apart; no by default.
  func takesParts(_ fragment: Fragment, reading: Bool) -> Bool

  /// Packs the weights and fixes everything that can be done before the clock runs.
  /// - Requires: a fragment that it matches, and tensors in the layouts of one of the ways.
  /// - Throws: `MemoryError`, or an error of the library behind it.
  func prepare(
    _ fragment: Fragment, _ tensors: FragmentTensors, workers: Int
  ) throws(Failure) -> PreparedOperation
}

extension Implementation {
  /// It cannot.
  public func match(_ fragment: Fragment, workers: Int) -> Match { refusal(of: fragment) }

  /// A sum of products.
  public func bound(_ fragment: Fragment) -> ErrorBound? { nil }

  /// It takes whole activations.
  public func takesParts(_ fragment: Fragment, reading: Bool) -> Bool { false }

  /// Whether it is compiled here, so that its time can be predicted; a library picks what it runs.
  public var isOurs: Bool { identity.instructionSet != nil }

  /// That it computes something else.
  public func refusal(of fragment: Fragment) -> Match {
    .no(reason: "\(identity.family) does not compute \(fragment.name)")
  }
}

/// Whether an implementation can compute a fragment.
public enum Match: Hashable, Sendable {
  /// It cannot, for the reason given.
  case no(reason: String)
  /// It can, in each of these ways.
  case ways([Way])

  /// The layouts of what is read and written, and clock cycles of one worker for its share; those of
  /// operations that move or change elements one by one count as 0.
  public struct Way: Hashable, Sendable {
    /// Layout of what is read.
    public var input: Layout
    /// Layout of the result.
    public var output: Layout
    /// Predicted clock cycles.
    public var cycles: Double

    /// A way.
    public init(input: Layout, output: Layout, cycles: Double) {
      self.input = input
      self.output = output
      self.cycles = cycles
    }
  }
}

/// What a fragment works on.
public struct FragmentTensors {
  /// What it reads; what of a concatenation lies in its result already is missing.
  public var inputs: [GraphTensor: Activation]
  /// What it writes.
  public var output: Activation
  /// The constants of the graph.
  public var weights: GraphWeights
  /// Sums over pixels of what it reads, where an earlier fragment has kept them.
  public var sums: Activation?

  /// Tensors of a fragment.
  public init(
    inputs: [GraphTensor: Activation], output: Activation, weights: GraphWeights,
    sums: Activation? = nil
  ) {
    self.inputs = inputs
    self.output = output
    self.weights = weights
    self.sums = sums
  }

  /// What `node` reads, in order.
  public func sources(of node: OperationGraph.Node) -> [Activation] {
    node.sources.compactMap { inputs[$0] }
  }
}
