// SPDX-License-Identifier: Apache-2.0

/// Why there is no PAPI to count with.
enum PAPIAbsence: Error, Hashable, Sendable {
  /// No library could be loaded; the loader's words.
  case missing(loader: String)
  /// It was loaded and would not start; its own words.
  case refused(status: String)

  /// A sentence with what the user can do.
  var reason: String {
    switch self {
    case .missing(let loader):
      "PAPI missing (\(loader)); install the package libpapi-dev"
    case .refused(let status):
      "PAPI does not start (\(status)); reinstall the package libpapi-dev"
    }
  }
}
