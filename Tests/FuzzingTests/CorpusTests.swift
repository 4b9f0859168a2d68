// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Texts of others")
struct CorpusTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  /// Changes of each text; libFuzzer, in `ci/fuzz.sh`, makes as many in a hundredth of a second.
  private static let changes = 200

  /// What stands in the corpus of a target, and what once broke it.
  private static func texts(_ target: FuzzTarget) throws -> [[UInt8]] {
    var folders = [folder.appending(path: "Corpus/\(target.rawValue)")]
    if target == .suite { folders.append(folder.appending(path: "../../suites")) }
    if target == .formula { folders.append(folder.appending(path: "../../counter-groups")) }
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: [.isRegularFileKey]
      ).filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
        .sorted { $0.path() < $1.path() }.map { [UInt8](try Data(contentsOf: $0)) }
    }
  }

  @Test(
    "are read or refused, and so is what small changes make of them", arguments: FuzzTarget.allCases
  )
  func texts(_ target: FuzzTarget) throws {
    let texts = try Self.texts(target)
    try #require(!texts.isEmpty)
    var generator = Generator(state: 1)
    for text in texts {
      target.run(text)
      let count = text.count > 4_096 ? Self.changes / 10 : Self.changes
      for _ in 0..<count { target.run(generator.changed(text)) }
    }
  }
}

/// Small changes of texts, always the same ones: bytes, pieces that are taken out or come twice, and
/// numbers at the ends of their ranges.
private struct Generator {
  var state: UInt64

  private static let numbers = [
    "0", "-1", "9223372036854775807", "-9223372036854775808", "268435456", "1e308", "1e999", "nan",
    "", "\"", "{", "[", "(", "*", ",", "\n", "\u{FEFF}", "ic", "--",
  ].map { Array($0.utf8) }

  private mutating func next(_ bound: Int) -> Int {
    // Knuth's MMIX generator; its high bits are good enough for this.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(bound, 1)
  }

  mutating func changed(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0...next(3) {
      let start = next(text.count), end = min(text.count, start + 1 + next(12))
      switch next(5) {
      case 0 where start < text.count: text[start] = UInt8(truncatingIfNeeded: next(256))
      case 1: text.removeSubrange(start..<end)
      case 2: text.insert(contentsOf: text[start..<end], at: next(text.count))
      default: text.replaceSubrange(start..<end, with: Self.numbers[next(Self.numbers.count)])
      }
    }
    return text
  }
}
