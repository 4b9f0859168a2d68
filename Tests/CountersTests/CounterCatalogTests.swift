// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite("The list of counters")
struct CounterCatalogTests {
  private static func shipped() throws -> [CounterGroup] {
    try shippedGroupNames.map { try CounterGroup.named($0, searching: [shippedGroups]) }
  }

  @Test("Every event of a shipped group and every software event is listed once, with a reason")
  func complete() async throws {
    let groups = try Self.shipped()
    let catalog = await onOwnThread { CounterCatalog(groups: groups) }
    let names = catalog.entries.map(\.name)
    #expect(Set(names).count == names.count)
    let expected = groups.flatMap(\.events).map(\.name) + SoftwareEvent.allCases.map(\.rawValue)
    #expect(Set(names).isSuperset(of: expected))
    for entry in catalog.entries {
      #expect(entry.provenance.reason?.isEmpty != true)
      #expect(!"\(entry.provenance)".isEmpty)
    }
    let cycles = catalog.entries.first { $0.name == "PAPI_TOT_CYC" }
    #expect(cycles?.groups.contains("default") == true)
  }

  @Test("What the list says agrees with what a session says")
  func agrees() async throws {
    let group = try CounterGroup.named("default", searching: [shippedGroups])
    let catalog = await onOwnThread { CounterCatalog(groups: [group]) }
    let session = await onOwnThread { CounterSession(group: group) }
    for availability in session.events {
      let entry = catalog.entries.first { $0.name == availability.event.name }
      #expect(entry?.provenance.isAvailable == availability.isCountable)
    }
  }

  @Test("Without the library the list still has the groups' events, and says what to install")
  func missingLibrary() throws {
    let library = Result { () throws(PAPIAbsence) in try PAPILibrary(path: "/none/libpapi.so") }
    let catalog = CounterCatalog(
      groups: try Self.shipped(), library: library, environment: virtualMachine)
    #expect(catalog.library.contains("libpapi-dev"))
    #expect(catalog.entries.contains { $0.name == "PAPI_TOT_INS" })
    #expect(catalog.entries.allSatisfy { $0.provenance.reason == catalog.library })
  }

  @Test(
    "On a PMU the presets are listed with their description and count",
    .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
  func presets() async throws {
    let catalog = await onOwnThread {
      CounterCatalog(
        groups: [], library: PAPIShim.virtual.library(), environment: virtualMachine)
    }
    let branches = try #require(catalog.entries.first { $0.name == "PAPI_BR_INS" })
    #expect(branches.summary.hasPrefix("virtual event"))
    #expect(branches.provenance == Provenance(.hardware))
    #expect(catalog.entries.contains { $0.name == "perf::CYCLES" })
    #expect(!catalog.entries.contains { $0.name.contains(":u=1:k=1") })
  }
}
