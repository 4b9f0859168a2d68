// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// The options of benchdnn that change which problems are run, and why the others do not.
struct BatchOptions {
  /// The batches with which each problem runs instead of its own; empty for its own.
  private(set) var batches: [Int] = []
  /// The data types in which each problem runs.
  private(set) var dataTypes: [DataType] = [.f32]

  /// The driver for convolutions, which is the only one whose problems are convolutions.
  static let driver = "--conv"
  /// Drivers for other operations, whose problems may look like convolutions.
  static let otherDrivers = [
    "--deconv", "--matmul", "--ip", "--rnn", "--pool", "--bnorm", "--gnorm", "--lnorm", "--lrn",
    "--softmax", "--eltwise", "--binary", "--prelu", "--reduction", "--resampling", "--reorder",
    "--shuffle", "--sum", "--concat", "--zeropad", "--brgemm", "--graph", "--sdpa", "--gated-mlp",
    "--self",
  ]

  /// Reads `--mb=16` or `--mb=16,32`; 0 is each problem's own batch.
  /// - Returns: whether the value is one.
  mutating func readBatches(_ value: Substring) -> Bool {
    var read: [Int] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let batch = Int(reading: part, in: 0...Int.max) else { return false }
      if !read.contains(batch) { read.append(batch) }
    }
    batches = read == [0] ? [] : read
    return true
  }

  /// Reads `--dt=bf16`, or several as `f32,bf16:bf16:bf16`.
  /// - Returns: whether all of them are known.
  mutating func readTypes(_ value: Substring) -> Bool {
    var read: [DataType] = []
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let type = DataType(option: part) else { return false }
      if !read.contains(type) { read.append(type) }
    }
    dataTypes = read
    return true
  }

  /// Why an option that changes no problem is skipped.
  static func reason(skipping option: String) -> String {
    let name = option.prefix { $0 != "=" }
    return reasons.first { $0.names.contains(String(name)) || $0.isGroup(name) }?.reason
      ?? "it is no option that is known here, and the problems are as they are written"
  }

  private struct Reason {
    let names: [String]
    var prefixes: [String] = []
    let reason: String

    func isGroup(_ name: Substring) -> Bool { prefixes.contains(where: name.hasPrefix) }
  }

  private static let reasons = [
    Reason(names: ["--dir"], reason: "problems run forward"),
    Reason(
      names: ["--dt", "--sdt", "--wdt", "--ddt", "--cfg", "--bia-dt", "--bia_dt"],
      reason: "accepted data types (--dt) are \(DataType.accepted)"),
    Reason(
      names: ["--attr"], prefixes: ["--attr-"], reason: "problems run without attributes"),
    Reason(
      names: ["--stag", "--wtag", "--dtag", "--strides", "--allow-enum-tags-only"],
      reason: "each variant has a layout of its own"),
    Reason(
      names: [
        "--alg", "--impl", "--skip-impl", "--global-impl", "--engine", "--cpu-isa-hints",
      ],
      reason: "--kernels and --isa of this program choose what computes"),
    Reason(
      names: ["--match"],
      reason: "all problems are taken; --only of this program chooses among them"),
    Reason(
      names: [
        "--mode", "--mode-modifier", "--max-ms-per-prb", "--fix-times-per-prb",
        "--repeats-per-prb", "--perf-template", "--cold-cache", "--canonical", "--mem-check",
        "--memory-kind", "--summary", "--stream-kind", "--ctx-init", "--ctx-exe", "--start",
        "--execution-mode", "--check-ref-impl", "--fast-ref", "--fast-ref-gpu", "--test-start",
        "--num-streams", "--buffer-prefix", "--inplace", "--verbose",
      ],
      prefixes: ["-v", "--v"],
      reason: "options of this program say how it measures, checks and reports"),
  ]
}
