// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Sizes of the caches that one core uses, in bytes.
struct CacheSizes: Hashable, Sendable {
  /// Level 1, data.
  var level1: Int
  /// Level 2.
  var level2: Int
  /// Level 3, which other cores may share.
  var level3 = 8 << 20

  /// What the first core has, as the system reports it; where it reports nothing, what most cores
  /// have at least.
  static let current = CacheSizes(
    level1: size(index: 0) ?? 32 << 10, level2: size(index: 2) ?? 256 << 10,
    level3: size(index: 3) ?? 8 << 20)

  /// Reads one cache's size: `index0` is level 1 data, `index2` and `index3` levels 2 and 3.
  private static func size(index: Int) -> Int? {
    let path = "/sys/devices/system/cpu/cpu0/cache/index\(index)/size"
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 32)
    guard fgets(&text, Int32(text.count), file) != nil else { return nil }
    let digits = text.prefix { (48...57).contains($0) }
    guard let value = Int(String(decoding: digits.map(UInt8.init), as: UTF8.self)) else {
      return nil
    }
    switch UInt8(text[digits.count]) {
    case UInt8(ascii: "K"): return value << 10
    case UInt8(ascii: "M"): return value << 20
    default: return value
    }
  }
}
