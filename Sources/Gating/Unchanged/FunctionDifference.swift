// SPDX-License-Identifier: Apache-2.0

internal import Children
public import Foundation

/// The functions whose machine code differs between two builds.
public enum FunctionDifference {
  /// A function.
  public struct Function: Comparable, Hashable, Sendable {
    /// The module it was compiled in.
    public var module: String
    /// Its name as the compiler writes it.
    public var symbol: String

    /// By module, then by symbol.
    public static func < (left: Self, right: Self) -> Bool {
      (left.module, left.symbol) < (right.module, right.symbol)
    }
  }

  /// Compares the objects of two programs that `serve` is linked from.
  ///
  /// Their disassembly is compared, function by function, without addresses.
  /// - Returns: those that differ or that only one build has, sorted.
  /// - Throws: `CodeComparisonError`.
  public static func functions(_ base: URL, _ new: URL) throws(CodeComparisonError) -> [Function] {
    let (first, second) = (try BuildObjects(of: base).files, try BuildObjects(of: new).files)
    var found: [Function] = []
    for name in Set(first.keys).union(second.keys) where CodeComparison.isRelevant(name) {
      let paths = [first[name], second[name]].map { $0?.path(percentEncoded: false) }
      if let one = paths[0], let other = paths[1],
        FileManager.default.contentsEqual(atPath: one, andPath: other)
      {
        continue
      }
      let before = try paths[0].map(code) ?? [:]
      let after = try paths[1].map(code) ?? [:]
      for symbol in Set(before.keys).union(after.keys) where before[symbol] != after[symbol] {
        found.append(Function(module: BuildObjects.module(of: name), symbol: symbol))
      }
    }
    return found.sorted()
  }

  /// The instructions of each function of an object, by symbol.
  private static func code(_ object: String) throws(CodeComparisonError) -> [String: String] {
    var command = Command(["objdump", "-dr", "--no-show-raw-insn", object])
    command.output = .pipe
    command.error = .nothing
    let finished: Command.Finished
    do {
      finished = try command.run()
    } catch {
      throw .noTool(accepted: ["objdump"])
    }
    guard finished.isSuccess else {
      throw .toolFailed(object: object, reason: "objdump \(finished.fate)")
    }
    return functions(in: String(decoding: finished.output, as: UTF8.self))
  }

  /// Splits what `objdump -dr` prints by function, addresses removed.
  static func functions(in text: String) -> [String: String] {
    var functions: [String: String] = [:]
    var symbol: String?
    for line in text.split(separator: "\n") {
      if let name = line.firstMatch(of: /^[0-9a-f]+ <(.+)>:$/)?.1 {
        symbol = String(name)
        functions[String(name), default: ""] += ""
      } else if let symbol {
        // `  1f:	jmp    2a <name+0x2a>`: neither the place nor the target's number.
        let instruction = line.drop { $0 != ":" }.dropFirst()
        functions[symbol, default: ""] +=
          instruction.replacing(/\b[0-9a-f]+ (?=<)/, with: "")
          .replacing(/^\s*[0-9a-f]+: (?=R_)/, with: "") + "\n"
      }
    }
    return functions
  }
}
