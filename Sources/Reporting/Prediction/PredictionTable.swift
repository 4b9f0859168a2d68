// SPDX-License-Identifier: Apache-2.0

internal import Predicting

/// Predicted times as a table of the console.
public enum PredictionTable {
  /// A line for each row, in their order.
  public static func table(_ rows: [PredictedRow]) -> TextTable {
    var table = TextTable(
      [
        ("case", .left), ("workers", .right), ("times", .right), ("time", .right),
        ("interval", .right), ("± %", .right), ("note", .left), ("kernel", .left),
      ], expendable: ["kernel", "times", "± %"])
    for row in rows {
      let time = row.time
      table.append([
        row.caseName, String(row.workers), String(row.multiplicity),
        Phrase.time(time?.nanoseconds),
        time.map { "\(Phrase.time($0.lower)) … \(Phrase.time($0.upper))" } ?? Phrase.none,
        Phrase.halfWidth(
          time?.nanoseconds, time.map { $0.lower...max($0.lower, $0.upper) }), row.reason,
        row.kernel,
      ])
    }
    return table
  }
}
