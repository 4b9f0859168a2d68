// SPDX-License-Identifier: Apache-2.0

internal import Inputs
public import Predicting

/// A case with the time that is predicted for it.
public struct PredictedRow: Sendable {
  /// The suite.
  public var suite: String
  /// The case inside the suite.
  public var caseName: String
  /// What it computes, as the column `problem` of a run names it.
  public var problem: String
  /// Workers that compute it together.
  public var workers: Int
  /// How often a network has it.
  public var multiplicity: Int
  /// What will compute it; empty where nothing can.
  public var kernel: String
  /// The time of one iteration; nil where nothing can compute it.
  public var time: PredictedTime?
  /// What the reader should know, or why there is no time.
  public var reason: String

  /// A row; see the properties.
  public init(
    suite: String, caseName: String, problem: String, workers: Int, multiplicity: Int,
    kernel: String, time: PredictedTime?, reason: String
  ) {
    self.suite = suite
    self.caseName = caseName
    self.problem = problem
    self.workers = workers
    self.multiplicity = multiplicity
    self.kernel = kernel
    self.time = time
    self.reason = reason
  }

  /// Why an interval means little.
  public static let outside = "outside what was measured"

  /// The element type of every prediction so far.
  static let type = "f32"

  /// The columns of the table that is exported for searches of architectures.
  static let columns = [
    "suite", "case", "problem", "type", "workers", "multiplicity", "kernel", "predicted_ns",
    "lower_ns", "upper_ns", "status", "reason",
  ]

  /// The cells of that table.
  var cells: [String] {
    [
      suite, caseName, problem, Self.type, String(workers), String(multiplicity), kernel,
      CellFormat.decimal(time?.nanoseconds), CellFormat.decimal(time?.lower),
      CellFormat.decimal(time?.upper),
      time.map { $0.isOutside ? "outside" : "inside" } ?? "unsupported", reason,
    ]
  }

  /// The table as CSV.
  public static func csv(_ rows: [PredictedRow]) -> String {
    CSVTable(columns: columns, rows: rows.map(\.cells)).text
  }
}

/// All layers of a network one after the other.
public struct PredictedNetwork: Sendable {
  /// The suite.
  public var suite: String
  /// Workers that compute it together.
  public var workers: Int
  /// Different layers.
  public var layers: Int
  /// The time of all of them, each as often as the network has it.
  public var time: PredictedTime

  /// A network; see the properties.
  public init(suite: String, workers: Int, layers: Int, time: PredictedTime) {
    self.suite = suite
    self.workers = workers
    self.layers = layers
    self.time = time
  }

  /// The network in a sentence.
  public var sentence: String {
    let who = workers == 1 ? "one worker" : "\(workers) workers"
    let bounds = Phrase.time(time.nanoseconds, time.lower...max(time.lower, time.upper))
    let note = time.isOutside ? "; some layers lie \(PredictedRow.outside)" : ""
    return "\(suite): \(layers) different convolutions one after the other take \(bounds) with "
      + "\(who)\(note)."
  }
}
