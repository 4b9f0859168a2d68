// SPDX-License-Identifier: Apache-2.0

internal import CPAPI

extension PAPILibrary {
  /// The names of its presets and of the kernel's generic events.
  /// - Requires: the calling thread is registered.
  func listedEvents() -> [String] {
    withPointer { library in
      let presets = Self.names(library, component: 0, preset: true)
      let generic = Self.names(library, component: 0, preset: false)
        // Each event also has the name of the kernel's constant.
        .filter { $0.hasPrefix("perf::") && !$0.hasPrefix("perf::PERF_COUNT_") }
        .filter { SoftwareEvent(named: $0) == nil }
      return presets + generic
    }
  }

  /// Its description of an event; empty where it has none.
  func description(of code: Int32) -> String {
    withPointer { library in
      var text = [CChar](repeating: 0, count: 1024)
      return cpapi_event_description(library, code, &text, text.count)
        ? String(terminated: text) : ""
    }
  }

  private static func names(
    _ library: OpaquePointer, component: Int32, preset: Bool
  ) -> [String] {
    var names: [String] = []
    var code: Int32 = 0
    var more = cpapi_first_event(library, component, preset, &code)
    while more {
      var name = [CChar](repeating: 0, count: 1024)
      if cpapi_event_name(library, code, &name, name.count) {
        names.append(String(terminated: name))
      }
      more = cpapi_next_event(library, component, preset, &code)
    }
    return names
  }
}
