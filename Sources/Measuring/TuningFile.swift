// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Inputs

/// What `convscope tune` has measured on a machine: the fastest variant of each problem.
public struct TuningFile: MachineFile, Hashable, Sendable {
  /// What the file's name begins with.
  public static let purpose = "tuning"
  /// Version of the file's form; files of another version are not read.
  public static let currentSchema = 1

  /// The form of this file.
  public private(set) var schema = currentSchema
  /// The machine that measured.
  public let machine: String
  /// The choices by key.
  public private(set) var choices: [String: TunedChoice] = [:]

  /// Whether every choice has a time.
  public var isPlausible: Bool {
    choices.values.allSatisfy { Double.measured.contains($0.timeNanoseconds) }
  }

  /// A file without choices.
  public init(machine: String) {
    self.machine = machine
  }

  /// The choice for `operation`; nil where it was not measured.
  public func choice(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass
  ) -> TunedChoice? {
    choices[Self.key(operation, workers: workers, accuracy: accuracy)]
  }

  /// Keeps `choice` in place of an earlier one.
  public mutating func record(
    _ choice: TunedChoice, for operation: ConvolutionOperation, workers: Int,
    accuracy: AccuracyClass
  ) {
    choices[Self.key(operation, workers: workers, accuracy: accuracy)] = choice
  }

  /// The problem without a name, what follows it, and what else decides which variant is fastest.
  static func key(
    _ operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass
  ) -> String {
    let epilogue =
      (operation.epilogue.hasBias ? " bias" : "") + (operation.epilogue.hasReLU ? " relu" : "")
    let problem = ProblemDescriptor.print(NamedProblem(operation.problem))
    return "\(problem)\(epilogue) workers=\(workers) \(accuracy.rawValue)"
  }
}
