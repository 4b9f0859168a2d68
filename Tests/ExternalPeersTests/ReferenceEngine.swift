// SPDX-License-Identifier: Apache-2.0

import Convolution

@testable import ExternalPeers

/// The reference behind the protocol.
final class ReferenceEngine: ServedEngine {
  private var prepared: [Int: [Float]] = [:]
  /// What the last request to prepare named.
  private(set) var lastWorkers = 0
  private(set) var lastCPUs: [Int] = []
  /// What each request to run asked for.
  private(set) var runs: [Run] = []

  /// Iterations with a clock and before it.
  struct Run: Equatable {
    var iterations: Int
    var warmUp: Int?
  }

  var hello = Hello(
    name: "reference", version: "1", layouts: ["nchw"], threads: "none", clock: "made up",
    accuracy: .fast(relativeBound: 0.25))

  /// An error of the engine's own.
  enum Failure: Error {
    case unknown(Int)
  }

  func prepare(
    _ operation: ConvolutionOperation, input: [Float], weights: Weights, workers: Int, cpus: [Int]
  ) -> ServedPreparation {
    guard operation.problem.batch < 3 else { return .unsupported(reason: "too many images") }
    (lastWorkers, lastCPUs) = (workers, cpus)
    prepared[7] = ReferenceConvolution(operation, input: input, weights: weights).values
      .map(Float.init)
    return .ready(handle: 7, layout: "nchw", implementation: "sum", accuracy: .exact)
  }

  func prepare(entry: String, verifies: Bool, cpus: [Int]) -> ServedPreparation {
    guard entry != "wrong" else { return verifies ? .wrong("off by one") : .ready(handle: 8) }
    return .unsupported(reason: "no \(entry)")
  }

  func output(_ handle: Int) throws -> [Float] {
    guard let values = prepared[handle] else { throw Failure.unknown(handle) }
    return values
  }

  func run(_ handle: Int, iterations: Int, warmUp: Int?) throws -> ServedRun {
    guard prepared[handle] != nil else { throw Failure.unknown(handle) }
    runs.append(Run(iterations: iterations, warmUp: warmUp))
    return ServedRun(nanoseconds: Double(iterations) * 1.5)
  }

  func release(_ handle: Int) throws {
    guard prepared.removeValue(forKey: handle) != nil else { throw Failure.unknown(handle) }
  }
}
