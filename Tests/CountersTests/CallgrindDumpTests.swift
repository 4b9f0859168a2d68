// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("What callgrind writes")
struct CallgrindDumpTests {
  private static let text = """
    # callgrind format
    version: 1
    desc: Trigger: Client Request
    positions: line
    events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw Bc Bcm Bi Bim
    summary: 100 40 20 1 5 2 1 3 2 10 4 6

    fn=(1)
    0 100 40 20 1 5 2 1 3 2 10 4 6

    totals: 100 40 20 1 5 2 1 3 2 10 4 6
    """

  private func readings(_ text: String, _ names: [String]) throws -> [CounterReading] {
    let dump = try #require(CallgrindDump(text))
    return dump.readings(of: CounterGroup(eventNames: names))
  }

  @Test("Each event is the sum of its costs; costs that a line leaves out are 0")
  func sums() throws {
    let readings = try readings(Self.text, SimulatedEvent.allCases.map(\.rawValue))
    #expect(readings.map(\.value) == [100, 40, 20, 7, 1, 6, 16, 4])
    #expect(readings[3].source.description == "simulated as callgrind D1mr+D1mw")
  }

  @Test("The instructions of a function are its own, without those of what it calls")
  func functions() throws {
    let dump = try #require(
      CallgrindDump(
        """
        events: Ir Dr
        fn=(1) main
        0 10 3
        cfn=(2) tile
        calls=4 0
        0 400 80
        +1 5
        fn=(2)
        0 400 80
        fn=(3)
        0 7
        totals: 422 83
        """))
    #expect(dump.functions == ["main": 15, "tile": 400, "(3)": 7])
    #expect(CallgrindDump("events: Dr\nfn=(1) main\n0 3\ntotals: 3\n")?.functions == [:])
  }

  @Test("An event that is not simulated, or whose costs are not there, has a reason")
  func missing() throws {
    #expect(try readings(Self.text, ["PAPI_TOT_CYC"])[0].source.reason != nil)
    let instructionsOnly = "events: Ir\ntotals: 5\n"
    let readings = try readings(instructionsOnly, ["PAPI_TOT_INS", "PAPI_BR_MSP"])
    #expect(readings[0].value == 5)
    #expect(readings[1].source.reason?.contains("Bcm, Bim") == true)
  }

  @Test(
    "A file that is not whole is none",
    arguments: [
      "", "events: Ir Dr\n", "totals: 1 2\n", "events: Ir\ntotals: 1 2\n",
      "events: Ir\ntotals: x\n",
    ])
  func broken(_ text: String) {
    #expect(CallgrindDump(text) == nil)
  }

  @Test(
    "A simulated cache has a power of two of sets and its machine's ways",
    arguments: [
      (32 << 10, 8, "32768,8,64"), (48 << 10, 12, "49152,12,64"), (36 << 20, 12, "25165824,12,64"),
    ])
  func caches(_ bytes: Int, _ ways: Int, _ argument: String) {
    #expect(ValgrindTool.Cache(bytes: bytes, ways: ways, lineBytes: 64).argument == argument)
  }

  @Test("Valgrind is found along the path or not at all")
  func search() {
    #expect(ValgrindTool(searching: "/nonexistent:/also/not") == nil)
  }
}
