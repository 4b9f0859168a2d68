// SPDX-License-Identifier: Apache-2.0

/// One counter's value with its source.
public struct CounterReading: Codable, Hashable, Sendable {
  /// The event as it was asked for, such as `PAPI_TOT_INS`.
  public var name: String
  /// What formulas call it, such as `instructions`.
  public var alias: String
  /// The count; nil where there is none, and then `source` says why.
  public var value: Double?
  /// Where the value comes from.
  public var source: Provenance

  /// A reading; without a value the source must be a reason, and the other way round.
  public init(name: String, alias: String? = nil, value: Double?, source: Provenance) {
    precondition((value != nil) == source.isAvailable, "a value xor a reason")
    self.name = name
    self.alias = alias ?? name
    self.value = value
    self.source = source
  }
}

extension CounterReading {
  /// The workers' readings of one group added up, event by event.
  ///
  /// An event that one worker could not count has no total: a sum over the others would be a false
  /// number. A total is scaled by as much as the worker with the smallest share.
  /// - Parameter workers: per worker, the readings of one group in its order.
  /// - Returns: one reading per event; empty where there are no workers.
  public static func totals(of workers: [[CounterReading]]) -> [CounterReading] {
    guard let first = workers.first else { return [] }
    precondition(workers.allSatisfy { $0.map(\.name) == first.map(\.name) }, "one group")
    return first.indices.map { event in total(of: workers.map { $0[event] }) }
  }

  /// The largest of the workers' values over their mean; nil where a value is missing or all are 0.
  public static func imbalance(of readings: [CounterReading]) -> Double? {
    let values = readings.compactMap(\.value)
    guard values.count == readings.count, let largest = values.max() else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    return mean > 0 ? largest / mean : nil
  }

  private static func total(of readings: [CounterReading]) -> CounterReading {
    let reading = readings[0]
    if let worker = readings.firstIndex(where: { $0.value == nil }) {
      let reason = readings[worker].source.reason ?? "not read"
      let isCommon = readings.allSatisfy { $0.source == readings[worker].source }
      return CounterReading(
        name: reading.name, alias: reading.alias, value: nil,
        source: .unavailable(isCommon ? reason : "worker \(worker): \(reason)"))
    }
    return CounterReading(
      name: reading.name, alias: reading.alias, value: readings.compactMap(\.value).reduce(0, +),
      source: commonSource(of: readings.map(\.source)))
  }

  private static func commonSource(of sources: [Provenance]) -> Provenance {
    let shares = sources.compactMap { source -> Double? in
      guard case .scaled(let share) = source.kind else { return nil }
      return share
    }
    let names = Set(sources.map(\.countedAs))
    // Workers that fell back to different events cannot be told by one name.
    let countedAs = names.count == 1 ? sources[0].countedAs : "different events"
    guard let smallest = shares.min() else {
      return Provenance(sources[0].kind, countedAs: countedAs)
    }
    return Provenance(.scaled(smallest), countedAs: countedAs)
  }
}
