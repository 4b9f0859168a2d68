// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// A command line that is not understood.
enum UsageError: Error {
  case unknownVerb(String, accepted: [String])
  case unknownOption(String, accepted: [String])
  case missingValue(String, accepted: String)
  case unexpectedValue(String)
  case givenTwice(String, String, String)
  case invalidValue(option: String, value: String, accepted: String)
  case missingOperand(String)
  case emptyOperand(String)
  case invalidDescriptor(String, reason: ProblemError)
  case withoutEffect(option: String, place: String, accepted: String)
  case notAllowed(ProgramToStart)
  case tooManyOperands(String, accepted: String)
}

extension UsageError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownVerb(let name, let accepted):
      "unknown verb ‘\(name)’\(NearestNames.phrase(name, among: accepted)); "
        + "accepted are \(accepted.joined(separator: ", "))"
    case .unknownOption(let name, let accepted):
      "unknown option \(name)\(NearestNames.phrase(name, among: accepted)); "
        + (accepted.isEmpty
          ? "accepted is none" : "accepted are \(accepted.joined(separator: ", "))")
    case .missingValue(let name, let accepted): "\(name) needs a value: \(accepted)"
    case .unexpectedValue(let name): "\(name) takes no value"
    case .givenTwice(let name, let first, let second):
      "\(name) is given twice, as ‘\(first)’ and ‘\(second)’; accepted is one value"
    case .invalidValue(let option, let value, let accepted):
      "\(option) is ‘\(value)’; accepted is \(accepted)"
    case .withoutEffect(let option, let place, let accepted):
      "\(option) means nothing for \(place); accepted is \(accepted)"
    case .invalidDescriptor(let text, let reason): "‘\(text)’: \(reason)"
    case .emptyOperand(let word):
      "an operand is ‘\(word)’; accepted is a word that is not empty"
    case .notAllowed(let program):
      "\(program) may not be started: the command is from \(program.source.text), which is not of "
        + "this project; accepted is --allow-exec (all commands) or "
        + "--allow-exec=\(program.command.first ?? "")"
    case .missingOperand(let what): "\(what) is missing"
    case .tooManyOperands(let word, let accepted): "‘\(word)’ is too much; accepted is \(accepted)"
    }
  }
}
