// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import ExternalPeers
internal import Measuring

/// A build that answers the contender protocol: `convscope serve`.
public final class ServedBuild: BuildProcess {
  private let contender: ExternalContender
  private let cpus: [Int]
  private let seed: UInt64
  private var handles: [GateProblem: ExternalContender.Handle] = [:]

  /// Starts `command` on `cpus`.
  /// - Throws: `BuildFailure.failed`.
  public init(
    _ side: GateSide, command: [String], cpus: [Int], seed: UInt64
  ) throws(BuildFailure) {
    self.cpus = cpus
    self.seed = seed
    contender = try Self.translating {
      () throws(ExternalError) in
      try ExternalContender(name: side.rawValue, command: command, cpus: cpus)
    }
  }

  /// Sends the tensors and has the build pack its filter.
  public func prepare(_ problem: GateProblem) throws(BuildFailure) -> String? {
    let tensors = GateTensors(problem.operation, seed: seed)
    let handle = try Self.translating { () throws(ExternalError) in
      try contender.prepare(
        problem.operation, input: tensors.input, weights: tensors.weights,
        workers: problem.workers)
    }
    handles[problem] = handle
    return handle.implementation
  }

  /// Has the build compute once and compares with the textbook sum in Double.
  public func fault(_ problem: GateProblem) throws(BuildFailure) -> String? {
    let handle = try handle(problem)
    let output = try Self.translating { () throws(ExternalError) in try contender.output(handle) }
    let tensors = GateTensors(problem.operation, seed: seed)
    let verification = Verification(
      output: output, reference: Self.reference(problem.operation, tensors),
      bound: handle.accuracy.errorBound(problem.operation),
      shape: problem.operation.problem.outputShape)
    switch verification.outcome {
    case .correct: return nil
    case .wrong(let text), .mistrusted(let text): return text
    }
  }

  /// A few thousand outputs, evenly spread: the builds were verified in full by `verify`.
  private static func reference(
    _ operation: ConvolutionOperation, _ tensors: GateTensors
  ) -> ReferenceConvolution {
    let count = operation.problem.outputShape.count
    let step = max(1, count / 4096)
    return ReferenceConvolution(
      operation, input: tensors.input, weights: tensors.weights,
      at: Array(stride(from: 0, to: count, by: step)) + [count - 1])
  }

  /// Whether the build knows of the warm-up.
  public var warmsUp: Bool? { contender.warmsUp }

  /// Has the build compute; its own clock counts.
  public func time(
    _ problem: GateProblem, _ visit: GateVisit
  ) throws(BuildFailure) -> ServedRun {
    let handle = try handle(problem)
    return try Self.translating { () throws(ExternalError) in
      try contender.observedRun(
        handle, iterations: visit.iterations, warmUp: visit.warmUp?.iterations ?? 0,
        isApart: visit.isApart)
    }
  }

  /// Says goodbye.
  public func close() { contender.close() }

  private func handle(
    _ problem: GateProblem
  ) throws(BuildFailure) -> ExternalContender.Handle {
    guard let handle = handles[problem] else {
      throw .failed("\(problem.name) was not prepared")
    }
    return handle
  }

  private static func translating<Value>(
    _ body: () throws(ExternalError) -> Value
  ) throws(BuildFailure) -> Value {
    do {
      return try body()
    } catch {
      switch error {
      case .unsupported(let reason): throw .unsupported(reason)
      case .exited, .killed: throw .ended("\(error)")
      default: throw .failed("\(error)")
      }
    }
  }
}
