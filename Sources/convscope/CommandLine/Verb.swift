// SPDX-License-Identifier: Apache-2.0

/// A verb of the command line: one file, one type.
protocol Verb: Sendable {
  /// What is typed.
  static var name: String { get }
  /// What follows the options, as help shows it: `[SUITE…]`.
  static var operands: String { get }
  /// One line for the list of verbs.
  static var summary: String { get }
  /// What `--help` says below the summary.
  static var discussion: String { get }
  /// The options it accepts.
  static var options: [Option] { get }
  /// Whether it is for this program itself, and not in the list of verbs.
  static var isInternal: Bool { get }
  /// Whether it measures, so that each of its processes draws where its code lies.
  static var measures: Bool { get }

  init(_ arguments: Arguments) throws
  func run() throws -> ExitCode
}

extension Verb {
  static var isInternal: Bool { false }
  static var measures: Bool { false }
}

/// An option of a verb.
struct Option: Sendable {
  /// With its dashes.
  var name: String
  /// What stands for its value in help; nil for a flag.
  var value: String?
  /// What it does.
  var help: String
  /// Whether the value may be left out; it is then given as `--name=VALUE` only.
  var isValueOptional = false

  /// Whether it may be given several times: its value is a list, or one of several.
  var isRepeatable = false

  /// What the next word has to be; nil for a flag, and where a value is behind `=` only.
  var nextWord: String? { isValueOptional ? nil : value }

  /// As help shows it.
  var heading: String {
    guard let value else { return name }
    return isValueOptional ? "\(name)[=\(value)]" : "\(name) \(value)"
  }

  init(_ name: String, optional value: String, _ help: String) {
    self.init(name, value, help)
    isValueOptional = true
  }

  init(_ name: String, repeatable value: String, _ help: String) {
    self.init(name, value, "\(help); may be given several times")
    isRepeatable = true
  }

  init(_ name: String, _ value: String? = nil, _ help: String) {
    self.name = name
    self.value = value
    self.help = help
    isRepeatable = value?.contains(",") ?? true
  }
}
