// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

extension SuiteError: CustomStringConvertible {
  /// A sentence with the place, the value and what is accepted.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .unknownSuite(let name, let nearest, let folder):
      "no suite and no file is called ‘\(name)’; "
        + (nearest.isEmpty
          ? "accepted are the suites in \(folder), paths of files, and ‘all’"
          : "did you mean \(nearest.joined(separator: ", "))?")
    case .duplicateSuite(let name):
      "two suites of this run are called ‘\(name)’; accepted are suites of different names, "
        + "because each has a folder of that name in the results"
    case .nothingToMeasure(let file, let leftOut, let accepted):
      "\(file): there is nothing to measure"
        + (leftOut.isEmpty ? "" : " (\(leftOut.joined(separator: "; ")))")
        + "; accepted is \(accepted)"
    default: "\(place.map { "\($0): " } ?? "")\(complaint)"
    }
  }

  /// Where the error is; nil where it concerns a file or a name as a whole.
  public var place: SuitePlace? {
    switch self {
    case .unreadable, .unknownSuite, .duplicateSuite, .nothingToMeasure: nil
    case .malformed(let place, _, _), .unknownKey(let place, _, _), .missingKey(let place, _, _),
      .duplicateKey(let place, _), .invalidValue(let place, _, _),
      .malformedTemplate(let place, _, _, _), .unknownPlaceholder(let place, _, _),
      .arithmetic(let place, _, _), .unusedAxis(let place, _), .emptyAxes(let place, _),
      .tooManyCombinations(let place, _), .tooMany(let place, _, _),
      .invalidDescriptor(let place, _, _),
      .chainMismatch(let place, _), .invalidBlock(let place, _), .duplicateCase(let place, _),
      .duplicateComparison(let place, _):
      place
    }
  }

  /// What is wrong at the place.
  private var complaint: String {
    switch self {
    case .malformed(_, let found, let accepted):
      "\(found) is not JSON5 here; accepted is \(accepted)"
    case .unknownKey(_, let key, let accepted):
      "unknown key ‘\(key)’\(Self.suggestion(for: key, among: accepted)); "
        + "accepted are \(NearestNames.accepted(accepted, near: key))"
    case .missingKey(_, let key, let accepted): "‘\(key)’ is missing; accepted is \(accepted)"
    case .duplicateKey(_, let key): "‘\(key)’ is given twice; accepted is once"
    case .invalidValue(_, let value, let accepted):
      "\(value) is not accepted; accepted is \(accepted)"
    case .emptyAxes(_, let reason): "\(reason); accepted is at least one"
    case .tooManyCombinations(_, let accepted):
      "the axes have too many combinations; accepted are at most \(accepted)"
    case .tooMany(_, let what, let accepted):
      "too many \(what); accepted are at most \(accepted)"
    default: meaning
    }
  }

  /// What is wrong with texts and what is made of them.
  private var meaning: String {
    switch self {
    case .malformedTemplate(_, let text, let column, let accepted):
      "‘\(text)’ is not understood at its column \(column); accepted is \(accepted)"
    case .unknownPlaceholder(_, let name, let accepted):
      "unknown placeholder ‘\(name)’\(Self.suggestion(for: name, among: accepted)); "
        + (accepted.isEmpty
          ? "there are no axes here"
          : "accepted are the axes \(NearestNames.accepted(accepted, near: name))")
    case .arithmetic(_, let expression, let reason): "{\(expression)}: \(reason)"
    case .unusedAxis(_, let axis):
      "the axis ‘\(axis)’ is not used, so its values would measure the same; "
        + "accepted is {\(axis)} in a descriptor or a name"
    case .invalidDescriptor(_, let text, let reason): "\(text): \(reason)"
    case .chainMismatch(_, let mismatch): "\(mismatch)"
    case .invalidBlock(_, let reason): "\(reason)"
    case .duplicateCase(_, let name):
      "two different cases are called ‘\(name)’; accepted are unique names"
    case .duplicateComparison(_, let name):
      "two comparisons are called ‘\(name)’; accepted are unique names"
    default: ""
    }
  }

  private static func suggestion(for name: String, among accepted: [String]) -> String {
    NearestNames.of(name, among: accepted).first.map { ", perhaps ‘\($0)’" } ?? ""
  }
}

extension ChainMismatch: CustomStringConvertible {
  /// The edge and both shapes.
  public var description: String {
    "step \(step) (\(producer)) gives \(Self.text(output)), "
      + "but step \(step + 1) (\(consumer)) takes \(Self.text(input)); accepted are equal shapes"
  }

  private static func text(_ shape: ActivationShape) -> String {
    "\(shape.batch)x\(shape.channels)x\(shape.extent.height)x\(shape.extent.width)"
  }
}
