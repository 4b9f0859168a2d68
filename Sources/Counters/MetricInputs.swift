// SPDX-License-Identifier: Apache-2.0

/// What a measurement knows besides its counts, as variables of formulas.
public struct MetricInputs: Hashable, Sendable {
  /// `time_ns`: duration of the counted intervals, in nanoseconds.
  public var timeNs: Double?
  /// `macs`: multiply-accumulates done in them.
  public var macs: Double?
  /// `flops`: floating-point operations done in them, two per multiply-accumulate.
  public var flops: Double?
  /// `bytes`: compulsory memory traffic of them, in bytes.
  public var bytes: Double?

  /// The variables; what is not known stays nil.
  public init(
    timeNs: Double? = nil, macs: Double? = nil, flops: Double? = nil, bytes: Double? = nil
  ) {
    self.timeNs = timeNs
    self.macs = macs
    self.flops = flops
    self.bytes = bytes
  }

  /// The variables' names.
  public static let names = ["time_ns", "macs", "flops", "bytes"]

  /// The variables that are known.
  var values: [String: Double] {
    let pairs = zip(Self.names, [timeNs, macs, flops, bytes])
    return Dictionary(
      uniqueKeysWithValues: pairs.compactMap { name, value in
        value.map { (name, $0) }
      })
  }
}
