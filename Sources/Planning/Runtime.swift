// SPDX-License-Identifier: Apache-2.0

/// A library of which a suite's question is asked: it computes the baseline and the contender.
public struct Runtime: Hashable, Sendable {
  /// What the user calls it.
  public var name: String
  /// Ids of its variants, the one that the library takes by default first; the name of an external
  /// contender is the only one.
  public var forms: [String]
  /// Why this program cannot run it; nil where it can.
  public var absence: String?

  /// A runtime that computes in one of `forms`.
  public init(name: String, forms: [String], absence: String? = nil) {
    self.name = name
    self.forms = forms
    self.absence = absence
  }
}

extension Runtime {
  /// Why it computes in `form`, after the forms before it were refused for these reasons.
  func remark(form: String, refusals: [String]) -> String? {
    guard forms.count > 1 else { return nil }
    return refusals.isEmpty
      ? "default form of \(name)"
      : "form of \(name) after its default (\(refusals.joined(separator: "; ")))"
  }
}
