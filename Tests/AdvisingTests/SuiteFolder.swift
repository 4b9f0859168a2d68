// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The folder `suites/` of the package that these tests belong to.
enum SuiteFolder {
  /// Its path.
  static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("suites").path
}
