// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Where the machine code of two builds differs, as far as a served entry runs it.
public struct CodeComparison: Hashable, Sendable {
  /// Modules with an object file that differs or that only one build has, sorted.
  public let changed: [String]

  /// Modules that `serve` never enters while it computes or chooses: what is printed and judged.
  ///
  /// Whatever is not named here counts, so that a new module is not forgotten.
  static let irrelevant: Set = ["Reporting", "Comparing", "Gating"]
  /// Of the command line, what chooses a variant.
  static let relevantCommands: Set = ["ServeVerb.swift.o", "TunedSelection.swift.o"]
  private static let commandLine = "convscope"
  /// A case runs the kernels of one instruction set.
  private static let kernels = "Kernels"

  /// Compares two programs.
  ///
  /// Equal files are equal builds. Otherwise the object files that each was linked from are
  /// compared, see `ObjectCode`.
  /// - Throws: `CodeComparisonError` where it cannot be told.
  public init(_ base: URL, _ new: URL) throws(CodeComparisonError) {
    let paths = [base, new].map { $0.path(percentEncoded: false) }
    if FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]) {
      changed = []
      return
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    changed = try Self.modules(
      BuildObjects(of: base), BuildObjects(of: new), by: ObjectCode(folder: folder))
  }

  private static func modules(
    _ base: BuildObjects, _ new: BuildObjects, by code: ObjectCode
  ) throws(CodeComparisonError) -> [String] {
    var changed: Set<String> = []
    for name in Set(base.files.keys).union(new.files.keys).sorted() where isRelevant(name) {
      let module = BuildObjects.module(of: name)
      guard !changed.contains(module) else { continue }
      guard let first = base.files[name], let second = new.files[name] else {
        changed.insert(module)
        continue
      }
      if try !code.isSame(first, second) { changed.insert(module) }
    }
    return changed.sorted()
  }

  static func isRelevant(_ name: String) -> Bool {
    let module = BuildObjects.module(of: name)
    guard module == commandLine else { return !irrelevant.contains(module) }
    return relevantCommands.contains(String(name.dropFirst(module.count + ".build/".count)))
  }

  /// Whether what computes with kernels of `instructionSet` is the same in both builds: these
  /// kernels, their callers, and the choice of the variant.
  /// - Parameter instructionSet: That of the variant that the new build chooses; nil where it is
  ///   not known, and then no kernel may have changed.
  /// - Returns: false where anything that it may run differs.
  public func isUnchanged(_ instructionSet: String?) -> Bool {
    let own = instructionSet.map { "\(Self.kernels)\($0.lowercased())" }
    return changed.allSatisfy { module in
      guard module.hasPrefix(Self.kernels), let own else { return false }
      return module.lowercased() != own.lowercased()
    }
  }

  /// For people.
  public var text: String {
    changed.isEmpty
      ? "machine code unchanged in both builds"
      : "machine code changed in \(changed.joined(separator: ", "))"
  }
}
