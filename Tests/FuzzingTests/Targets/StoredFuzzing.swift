// SPDX-License-Identifier: Apache-2.0

@testable internal import Comparing
internal import Foundation
internal import Inputs
@testable internal import Measuring
@testable internal import Reporting

/// What earlier runs left: tables and JSON.
enum StoredFuzzing {
  /// Measurements, and behind a zero byte their samples.
  static func tables(_ bytes: [UInt8]) {
    let texts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    for text in texts {
      guard let table = try? CSVTable(parsing: text, path: "fuzzed.csv") else { continue }
      let again = try? CSVTable(parsing: table.text, path: "written.csv")
      require(again?.text == table.text, "another text after a table was written")
      for row in table.rows {
        _ = (MeasuredRow(row), ComparedRow(row))
      }
    }
    guard texts.count == 2, let measurements = compared(texts[0]), let samples = compared(texts[1]),
      let cases = try? StoredRun.cases(measurements, samples, path: "fuzzed")
    else { return }
    for one in cases where one.isTimed {
      require(one.medianNanoseconds.map { $0 > 0 && $0.isFinite } == true, "no time: \(one)")
      require(one.samples.allSatisfy { $0 > 0 && $0.isFinite }, "no times: \(one)")
    }
  }

  private static func compared(_ text: String) -> CSVTable? {
    try? CSVTable(parsing: text, path: "fuzzed.csv", required: [])
  }

  static func record(_ bytes: [UInt8]) {
    let data = Data(bytes)
    _ = try? JSONDecoder().decode(RunRecord.self, from: data)
    try? JSONNumbers.requireUniqueKeys(bytes)
    _ = JSONNumbers.refused(in: bytes) {
      (try? JSONDecoder().decode(StoredNoiseFloor.self, from: Data($0))) != nil
    }
    _ = try? JSONDecoder().decode(TuningFile.self, from: data)
    _ = try? JSONDecoder().decode(TimeFile.self, from: data)
    _ = try? JSONDecoder().decode(MachineLimits.self, from: data)
    _ = try? JSONDecoder().decode(StoredNoiseFloor.self, from: data)
    if let object = try? JSONSerialization.jsonObject(with: data) {
      _ = FlatJSON.flattened(object, under: "")
    }
  }
}
