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
  public func refusal(of types: DataType...) -> Support? {
    if types.contains(problem.dataType) { return nil }
    let names = types.map { $0.rawValue }.joined(separator: ", ")
    return .unsupported(reason: "it computes \(names), not \(problem.dataType.rawValue)")
  }
}

/// One way to compute convolutions: a kernel of ours or a library's.
public protocol ConvolutionVariant: Sendable {
  /// What `prepare` throws: of ours `MemoryError`, of a library anything.
  associatedtype Failure: Error = any Error

  /// What names it.
  var identity: VariantIdentity { get }

  /// Whether it can compute `operation` with `workers` workers.
  func support(_ operation: ConvolutionOperation, workers: Int) -> Support

  /// The layouts in which it reads its input and writes its output.
  /// - Requires: `support(operation, …) == .supported`.
  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout)

  /// How far its result may lie from the exact one.
  func errorBound(_ operation: ConvolutionOperation) -> ErrorBound

  /// Packs the weights and fixes everything that can be done before the clock runs.
  /// - Requires: `support(operation, workers:) == .supported`, and activations of the problem's
  ///   shapes in the layouts that `layouts` names.
  /// - Throws: `MemoryError`, or an error of the library behind the variant.
  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(Failure) -> PreparedOperation
}

extension ConvolutionVariant {
  /// The bound of plain summation, which holds for every variant of the exact class.
  public func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
    .summation(operation)
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
