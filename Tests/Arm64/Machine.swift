// SPDX-License-Identifier: Apache-2.0

/// What the catalog asks the module `Machine` for: without Foundation no file is read, and these are
/// the usual sizes.
public enum CacheLevel {
  /// The data caches, nearest first, in bytes.
  public static let usual = [32 << 10, 512 << 10, 8 << 20]

  /// The size of a level, in bytes.
  public static func bytes(level: Int, of levels: [Int] = usual) -> Int { levels[level - 1] }
}
