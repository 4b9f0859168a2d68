// SPDX-License-Identifier: Apache-2.0

/// The rows of a suite from which its answer follows, as values: what a run has written, those of its
/// earlier parts included.
struct SuiteTables {
  /// The rows of the files of the same names.
  var measurements, comparisons, samples: CSVTable
  /// What each step of a network takes in its place; nil where no whole network was looked into.
  var layers: CSVTable?

  /// What more workers bring, case by case.
  var scaling: CSVTable {
    CSVTable(
      columns: ScalingTable.columns,
      rows: ScalingTable(measured: measurements, samples: samples).rows)
  }
}
