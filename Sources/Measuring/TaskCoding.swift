// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Planning

/// Parts of a plan on their way to another process of the same build.
enum TaskCoding {
  /// JSON that is the same for the same task, whatever the process that writes it.
  static func encoded(_ task: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(task)
  }

  /// A task as `encoded` wrote it.
  /// - Throws: `DecodingError`, also where this build has a kernel of the plan not.
  static func decode<Task: Decodable>(
    _ type: Task.Type = Task.self, from data: Data,
    build: (_ instructionSets: [InstructionSet]) -> Implementations
  ) throws -> Task {
    let decoder = JSONDecoder()
    let sets = try decoder.decode(Sets.self, from: data).instructionSets
    decoder.userInfo[Implementations.key] = build(sets)
    return try decoder.decode(Task.self, from: data)
  }

  /// What must be known of a task before the rest can be read.
  private struct Sets: Decodable {
    var instructionSets: [InstructionSet]
  }
}
