// SPDX-License-Identifier: Apache-2.0

internal import Machine

/// Sizes of the caches that one core uses, in bytes.
struct CacheSizes: Hashable, Sendable {
  /// Level 1, data.
  var level1: Int
  /// Level 2.
  var level2: Int
  /// Level 3, which other cores may share.
  var level3 = CacheLevel.bytes(level: 3, of: CacheLevel.usual)

  /// What the first core has, as the system reports it; where it reports nothing, the usual sizes.
  static let current = CacheSizes(
    level1: CacheLevel.bytes(level: 1), level2: CacheLevel.bytes(level: 2),
    level3: CacheLevel.bytes(level: 3))
}
