// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// What is wrong with a counter group or its file.
public enum CounterGroupError: Error, Hashable, Sendable {
  /// No group of that name; the names there are.
  case unknownGroup(name: String, accepted: [String])
  /// The file cannot be read.
  case unreadable(file: String, reason: String)
  /// A section is missing or empty.
  case missingSection(file: String, section: String)
  /// Text that does not belong there.
  case unexpectedToken(file: String, line: Int, token: String, accepted: String)
  /// A name is given twice.
  case duplicateName(file: String, line: Int, token: String)
  /// A formula uses a name that stands for nothing.
  case unknownName(file: String, line: Int, token: String, accepted: [String])
  /// More of something than a group can have.
  case tooLarge(file: String, line: Int, what: String, accepted: Int)
  /// More events on the command line than a group can have.
  case tooManyEvents(accepted: Int)
  /// An event's name that PAPI has no room for, in a file with its line or on the command line.
  case eventNameTooLong(name: String, file: String?, accepted: Int)
}

extension CounterGroupError: CustomStringConvertible {
  /// A sentence with the file, the line, the token and what is accepted.
  public var description: String {
    switch self {
    case .unknownGroup(let name, let accepted):
      "no counter group ‘\(name)’; there are \(NearestNames.accepted(accepted, near: name)), and a path to a "
        + "group file or PAPI event names are accepted too"
    case .unreadable(let file, let reason): "\(file): cannot be read (\(reason))"
    case .missingSection(let file, let section): "\(file): section \(section) is missing or empty"
    case .unexpectedToken(let file, let line, let token, let accepted):
      "\(file):\(line): ‘\(token)’ is not understood; accepted is \(accepted)"
    case .duplicateName(let file, let line, let token):
      "\(file):\(line): ‘\(token)’ is given twice"
    case .tooLarge(let file, let line, let what, let accepted):
      "\(file):\(line): too many \(what); accepted are at most \(accepted)"
    case .tooManyEvents(let accepted):
      "--counters has too many events; accepted are at most \(accepted)"
    case .eventNameTooLong(let name, let file, let accepted):
      (file.map { "\($0): " } ?? "") + "the event ‘\(name.prefix(40))…’ has a name of "
        + "\(name.utf8.count) bytes; accepted are at most \(accepted)"
    case .unknownName(let file, let line, let token, let accepted):
      "\(file):\(line): ‘\(token)’ is no event or variable of this group; accepted are "
        + NearestNames.accepted(accepted, near: token)
    }
  }
}
