// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("Metric formulas")
struct MetricFormulaTests {
  private static let values: [String: Double] = ["a": 12, "b": 5, "c_1": 0.5, "zero": 0]

  private static func value(_ text: String) throws -> Double {
    let formula = try FormulaParser.parse(
      text, file: "f.txt", line: 1, accepted: values.keys.sorted() + ["gone"])
    return try formula.value(of: values)
  }

  @Test(
    "A formula follows the usual rules",
    arguments: [
      ("a", 12), ("a + b * 2", 22), ("(a + b) * 2", 34), ("a - b - 1", 6), ("a / 3 / 2", 2),
      ("a/3*2", 8), ("-a + b", -7), ("--b", 5), ("a * -b", -60), ("1.0E-01*a", 1.2),
      ("1e+2 - 1", 99), ("2e2-b", 195), (".5 * a", 6), ("((c_1))", 0.5), ("1000*a/b", 2400),
    ] as [(String, Double)])
  func rules(_ text: String, _ expected: Double) throws {
    let value = try Self.value(text)
    #expect(abs(value - expected) <= 1e-12 * abs(expected))
  }

  @Test("Dividing by zero and a missing count have no value")
  func undefined() {
    #expect(throws: MetricFormula.Undefined.divisionByZero) { try Self.value("a / zero") }
    #expect(throws: MetricFormula.Undefined.missing(name: "gone")) { try Self.value("a + gone") }
  }

  @Test("A metric without its count says which event is missing and why")
  func missingCount() throws {
    let group = try CounterGroup(
      text: """
        SHORT s
        EVENTS
        a PAPI_TOT_INS
        b PAPI_TOT_CYC
        METRICS
        IPC [1] = a / b
        intensity [MAC/byte] = macs / bytes
        twice [1] = 2 * a
        rate [1/s] = a / (b - b)
        """, file: "f.txt")
    let readings = [
      CounterReading(name: "PAPI_TOT_INS", alias: "a", value: 7, source: Provenance(.hardware)),
      CounterReading(
        name: "PAPI_TOT_CYC", alias: "b", value: nil, source: .unavailable("no PMU")),
    ]
    let metrics = group.metrics(from: readings, inputs: MetricInputs(macs: 10))
    #expect(metrics.map(\.value) == [nil, nil, 14, nil])
    #expect(metrics[0].reason == "needs PAPI_TOT_CYC: no PMU")
    #expect(metrics[1].reason == "bytes is not known here")
    #expect(metrics[2].reason == nil)
    #expect(metrics[3].reason == "needs PAPI_TOT_CYC: no PMU")
    var known = readings
    known[1] = CounterReading(
      name: "PAPI_TOT_CYC", alias: "b", value: 2, source: Provenance(.hardware))
    let reasons = group.metrics(from: known, inputs: MetricInputs()).map(\.reason)
    #expect(reasons[3] == "divides by zero")
  }
}
