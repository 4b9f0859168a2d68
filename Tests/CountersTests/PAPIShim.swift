// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

@testable import Counters

/// A stand-in for libpapi, compiled from `Tests/PAPIShims` when the tests run.
enum PAPIShim: String {
  /// The installed library with faults.
  case failing
  /// A PMU whose counts are known.
  case virtual

  /// Whether there is a C compiler to make one; the tests that need it are skipped otherwise.
  static var canBeBuilt: Bool { CProgram.compiler != nil }

  /// Loads a copy that behaves as `settings` say, such as `fail=read,after=3`.
  func library(_ settings: String = "") -> Result<PAPILibrary, PAPIAbsence> {
    Result { () throws(PAPIAbsence) in try PAPILibrary(path: copy(settings)) }
  }

  /// Path of a copy of its own for each use: the settings stand in its name, and a library that is loaded
  /// twice under different names has its counts of calls once per copy.
  func copy(_ settings: String) -> String {
    let number = Self.copies.wrappingAdd(1, ordering: .relaxed).newValue
    let name = "libpapi\(number)" + (settings.isEmpty ? "" : "," + settings) + ".so"
    let path = Self.folder.appending(path: name)
    try? FileManager.default.copyItem(at: built, to: path)
    return path.path()
  }

  private var built: URL {
    switch self {
    case .failing: Self.builtFailing
    case .virtual: Self.builtVirtual
    }
  }

  private static let copies = Atomic<Int>(0)
  private static let builtFailing = build("failing")
  private static let builtVirtual = build("virtual")

  private static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "convscope-papi-shims-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: PAPIShim.folder) }
    return folder
  }()

  private static func build(_ name: String) -> URL {
    CProgram.build(name, ["-shared", "-fPIC", "-ldl"], into: folder)
  }
}
