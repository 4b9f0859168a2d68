// SPDX-License-Identifier: Apache-2.0

/// The events that callgrind simulates, under the names of the PAPI presets that they stand for.
public enum SimulatedEvent: String, CaseIterable, Sendable {
  /// Instructions executed.
  case instructions = "PAPI_TOT_INS"
  /// Data read: one per instruction and memory operand.
  case reads = "PAPI_LD_INS"
  /// Data written.
  case writes = "PAPI_SR_INS"
  /// Misses of the first level, data.
  case firstLevelMisses = "PAPI_L1_DCM"
  /// Misses of the first level, instructions.
  case firstLevelInstructionMisses = "PAPI_L1_ICM"
  /// Misses of the last level, data and instructions.
  case lastLevelMisses = "PAPI_L3_TCM"
  /// Branches, conditional and indirect.
  case branches = "PAPI_BR_INS"
  /// Branches that the simulated predictor guessed wrongly.
  case branchMisses = "PAPI_BR_MSP"

  /// The name of the group that is simulated instead of counted.
  public static let groupName = "simulated"

  /// What callgrind calls the costs whose sum it is.
  var costs: [String] {
    switch self {
    case .instructions: ["Ir"]
    case .reads: ["Dr"]
    case .writes: ["Dw"]
    case .firstLevelMisses: ["D1mr", "D1mw"]
    case .firstLevelInstructionMisses: ["I1mr"]
    case .lastLevelMisses: ["ILmr", "DLmr", "DLmw"]
    case .branches: ["Bc", "Bi"]
    case .branchMisses: ["Bcm", "Bim"]
    }
  }

  /// Where its values come from.
  public var provenance: Provenance {
    Provenance(.simulated, countedAs: "callgrind " + costs.joined(separator: "+"))
  }
}
