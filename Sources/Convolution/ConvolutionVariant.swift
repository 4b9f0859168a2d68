// SPDX-License-Identifier: Apache-2.0

/// Whether a variant can compute an operation.
public enum Support: Hashable, Sendable {
  /// It can.
  case supported
  /// It cannot, for the reason given; the result row says so.
  case unsupported(reason: String)
}

extension ConvolutionOperation {
  /// Why what computes `types` cannot compute this; nil where its type is among them.
  public func refusal(of types: DataType...) -> Support? { refusal(of: types) }

  /// The same of a list.
  public func refusal(of types: [DataType]) -> Support? {
    if types.contains(problem.dataType) { return nil }
    let names = types.map { $0.rawValue }.joined(separator: ", ")
    return .unsupported(reason: "it computes \(names), not \(problem.dataType.rawValue)")
  }
}

/// One way to compute single convolutions, with what its neighbours in a graph leave to it: a kernel
/// of ours or a library's.
public protocol ConvolutionVariant<Failure>: Implementation {
  /// Whether it can compute `operation` with `workers` workers.
  func support(_ operation: ConvolutionOperation, workers: Int) -> Support

  /// The layouts in which it reads its input and writes its output.
  /// - Requires: `support(operation, …) == .supported`.
  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout)

  /// Whether it can do `join` for `operation`; no by default.
  func can(_ join: Join, _ operation: ConvolutionOperation) -> Bool

  /// How far its result may lie from the exact one; by default the bound of plain summation, which
  /// holds for every variant of the exact class.
  func errorBound(_ operation: ConvolutionOperation) -> ErrorBound

  /// Clock cycles of one worker for its share, were all its data near; infinite where nothing is
  /// predicted, as of libraries.
  /// - Requires: `support(operation, workers:) == .supported`.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double

  /// The root mean square of the error over that of the output that random data lead to, or 0, as by
  /// default, for variants that sum the products themselves.
  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double

  /// Packs the weights and fixes everything that can be done before the clock runs.
  /// - Requires: `support(operation, workers:) == .supported`, activations of the problem's shapes in
  ///   the layouts that `layouts` names, and joins that it can do.
  /// - Throws: `MemoryError`, or an error of the library behind the variant.
  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(Failure) -> PreparedOperation
}

extension ConvolutionVariant {
  /// It does nothing besides.
  public func can(_ join: Join, _ operation: ConvolutionOperation) -> Bool { false }

  /// The bound of plain summation.
  public func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
    .summation(operation)
  }

  /// Nothing is predicted.
  public func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    .infinity
  }

  /// It sums the products themselves.
  public func expectedRelativeError(_ operation: ConvolutionOperation) -> Double { 0 }

  /// As `prepare` with joins, of which there are none.
  public func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(Failure) -> PreparedOperation {
    try prepare(
      operation, weights: weights, input: input, output: output, workers: workers, joins: Joins())
  }
}

extension ConvolutionVariant {
  /// A convolution that it supports, with joins that it can do.
  public func match(_ fragment: Fragment, workers: Int) -> Match {
    guard let (_, operation) = fragment.convolution else { return refusal(of: fragment) }
    if case .unsupported(let reason) = support(operation, workers: workers) {
      return .no(reason: reason)
    }
    guard fragment.joins.allSatisfy({ can($0, operation) }) else {
      return .no(reason: "its kernel does nothing for the neighbours in \(fragment.name)")
    }
    guard expectedRelativeError(operation) <= AccuracyClass.largestFastError else {
      return .no(reason: "its error would be larger than \(AccuracyClass.largestFastError)")
    }
    let layouts = layouts(operation)
    return .ways([
      Match.Way(
        input: layouts.input, output: layouts.output,
        cycles: predictedCycles(operation, workers: workers))
    ])
  }

  /// Its own bound where it does not sum the products themselves.
  public func bound(_ fragment: Fragment) -> ErrorBound? {
    guard identity.accuracy == .fast else { return nil }
    return fragment.convolution.map { errorBound($0.operation) }
  }

  /// What its kernel can.
  public func takesParts(_ fragment: Fragment, reading: Bool) -> Bool {
    fragment.convolution.map { can(.parts, $0.operation) } ?? false
  }

  /// As `prepare` of the convolution that the fragment has.
  public func prepare(
    _ fragment: Fragment, _ tensors: FragmentTensors, workers: Int
  ) throws(Failure) -> PreparedOperation {
    guard let (node, operation) = fragment.convolution, let weights = tensors.weights.ofNodes[node]
    else { preconditionFailure("a convolution that matched has weights") }
    return try prepare(
      operation, weights: weights, input: tensors.sources(of: fragment.first)[0],
      output: tensors.output, workers: workers,
      joins: Joins(
        addend: fragment.addend.flatMap { tensors.inputs[$0] },
        shuffleGroups: fragment.shuffleGroups, sumsChannels: fragment.sumsChannels))
  }
}

/// An operation ready to run: its phases, and what keeps their memory alive.
public final class PreparedOperation {
  /// What runs between start and stop, in order, with a barrier after each.
  public let phases: [Phase]
  /// Memory beyond input, output and packed weights, in bytes, over all workers.
  public let scratchBytes: Int
  /// What the variant chose by itself: a library's implementation name, a tile; or nil.
  public let implementation: String?
  /// Whether the variant computes on threads of its own, started from worker 0; the other workers
  /// must then leave their cores.
  public let usesOwnThreads: Bool
  /// What worker 0 does before each round, outside the clock; nil for most.
  ///
  /// A variant with threads of its own starts and pins them here.
  public let beforeRound: Phase?
  /// What worker 0 does after each round, outside the clock; nil for most.
  ///
  /// A variant with threads of its own puts them to sleep here, so that they do not spin into the
  /// next variant's round.
  public let afterRound: Phase?
  /// Where the packed weights lie, for evicting them from the caches; empty where a library hides
  /// them, and then the variant cannot be measured with a cold filter.
  public let filterMemory: [UnsafeRawBufferPointer]
  /// Sums of the output over parts of its pixels, after the epilogue, where they were asked for: as
  /// many images and channels as the output has, in its layout, and an extent of parts; the sum over
  /// that is the sum over the image.
  public let channelSums: Activation?
  private let owner: AnyObject?

  /// A prepared operation; `owner` is kept until it is released.
  public init(
    phases: [Phase], scratchBytes: Int = 0, implementation: String? = nil,
    usesOwnThreads: Bool = false, beforeRound: Phase? = nil, afterRound: Phase? = nil,
    filterMemory: [UnsafeRawBufferPointer] = [], channelSums: Activation? = nil,
    owner: AnyObject? = nil
  ) {
    self.phases = phases
    self.scratchBytes = scratchBytes
    self.implementation = implementation
    self.usesOwnThreads = usesOwnThreads
    self.beforeRound = beforeRound
    self.afterRound = afterRound
    self.filterMemory = filterMemory
    self.channelSums = channelSums
    self.owner = owner
  }
}
