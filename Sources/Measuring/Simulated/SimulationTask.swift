// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Foundation
public import Planning

/// What Valgrind simulates: entries of a plan that was made once, as data.
public struct SimulationTask: Codable, Sendable {
  /// The entries, in the order of the plan.
  public var entries: [SuiteEntry]
  /// Seed of the tensors.
  public var seed: UInt64
  /// Makes some cases slower on purpose; nil for none.
  public var slowDown: SlowDown?
  /// The instruction sets that the plan was made for: blocks choose among their kernels.
  public var instructionSets: [InstructionSet]

  /// The whole of `plan`, measured as `options` say.
  public init(_ plan: Plan, _ options: MeasuringOptions, instructionSets: [InstructionSet]) {
    entries = plan.entries
    seed = options.seed
    slowDown = options.slowDown
    self.instructionSets = instructionSets
  }

  /// A task as `encoded` wrote it.
  /// - Parameters:
  ///   - data: JSON.
  ///   - build: What this build computes with, for the instruction sets of the task.
  /// - Throws: `DecodingError`, also where this build has a kernel of the plan not.
  public init(
    _ data: Data, build: (_ instructionSets: [InstructionSet]) -> Implementations
  ) throws {
    self = try TaskCoding.decode(from: data, build: build)
  }

  /// The task as JSON.
  public func encoded() throws -> Data { try TaskCoding.encoded(self) }

  /// What can be simulated, and rows with the reasons of what cannot.
  ///
  /// A process that Valgrind simulates must not even look for kernels of instructions that it does
  /// not know.
  func sorted() -> (task: SimulationTask, refused: [SimulatedRow]) {
    var task = self
    task.instructionSets.removeAll { !$0.isSimulated }
    task.entries = []
    var refused: [SimulatedRow] = []
    for one in entries {
      if let reason = CaseSimulator.reason(against: one.entry) {
        var row = SimulatedRow(one.entry, suite: one.suite)
        row.reason = reason
        refused.append(row)
      } else {
        task.entries.append(one)
      }
    }
    return (task, refused)
  }
}

extension InstructionSet {
  /// Whether Valgrind knows it.
  public var isSimulated: Bool { lanes < InstructionSet.avx512.lanes }
}
