// SPDX-License-Identifier: Apache-2.0

/// What reads texts that others wrote.
enum FuzzTarget: String, CaseIterable {
  /// A suite file, up to the plan and back to its text.
  case suite
  /// A problem descriptor, as `describe` shows it and as blocks read it.
  case descriptor
  /// A batch file of benchdnn, up to the plan.
  case batch
  /// A log of `ONEDNN_VERBOSE`, up to the plan.
  case log
  /// Tables of a stored run, measurements and samples with a zero byte between them, up to the rows that are compared.
  case csv
  /// An entry of a plan, as another build sends it, up to what it costs.
  case entry
  /// A request of the contender protocol, and an answer.
  case request = "protocol"
  /// A counter group with its formulas, up to their values.
  case formula
  /// What callgrind dumps, up to the readings.
  case callgrind
  /// The JSON files of a run and of what is known about the machine.
  case record

  /// Feeds the reader.
  func run(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .suite: SuiteFuzzing.suite(text)
    case .descriptor: SuiteFuzzing.descriptor(text)
    case .batch: SuiteFuzzing.batch(text)
    case .log: SuiteFuzzing.log(text)
    case .csv: StoredFuzzing.tables(bytes)
    case .entry: ProtocolFuzzing.entry(text)
    case .request: ProtocolFuzzing.line(bytes)
    case .formula: CounterFuzzing.group(text)
    case .callgrind: CounterFuzzing.callgrind(text)
    case .record: StoredFuzzing.record(bytes)
    }
  }
}
