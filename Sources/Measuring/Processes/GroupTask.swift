// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Counters
public import Foundation
public import Planning

/// What a fresh process measures: a group of a plan that was made once, as data.
public struct GroupTask: Codable, Sendable {
  /// The group.
  public var group: PlanGroup
  /// How finely, in which order, and as which of the group's processes.
  public var options: MeasuringOptions
  /// Time for the rounds, in seconds.
  public var seconds: Double
  /// Workers of the pool: as many as any entry of the whole plan asks for.
  public var workers: Int
  /// Programs and arguments of the external contenders, by name.
  public var externals: [String: [String]]
  /// What is counted beside the clock; nil counts nothing.
  public var counters: [CounterEvent]?
  /// The instruction sets that the plan was made for: blocks choose among their kernels.
  public var instructionSets: [InstructionSet]

  /// A task.
  public init(
    group: PlanGroup, options: MeasuringOptions, seconds: Double, workers: Int,
    externals: [String: [String]] = [:], counters: [CounterEvent]? = nil,
    instructionSets: [InstructionSet]
  ) {
    self.group = group
    self.options = options
    self.seconds = seconds
    self.workers = workers
    self.externals = externals
    self.counters = counters
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
}
