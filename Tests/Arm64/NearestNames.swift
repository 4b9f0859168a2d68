// SPDX-License-Identifier: Apache-2.0

/// What errors say is accepted, without a search for the nearest: no name is read from people here.
public enum NearestNames {
  /// All names.
  public static func accepted(_ candidates: [String], near name: String) -> String {
    candidates.joined(separator: ", ")
  }
}
