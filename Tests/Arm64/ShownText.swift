// SPDX-License-Identifier: Apache-2.0

/// Texts as they are, without the tables of characters that show nothing: none is read from others here.
public enum ShownText {
  /// The text.
  public static func line(_ text: String) -> String { text }
}
