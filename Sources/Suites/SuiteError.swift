// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Why a suite cannot be read, each with its place, the value and what is accepted instead.
public enum SuiteError: Error, Hashable, Sendable {
  /// A file cannot be opened, or is no text.
  case unreadable(file: String, reason: String)
  /// No suite and no file is called so.
  case unknownSuite(name: String, nearest: [String], folder: String)
  /// Two suites of one run have the same name and would share an output folder.
  case duplicateSuite(name: String)
  /// The text is no JSON5.
  case malformed(place: SuitePlace, found: String, accepted: String)
  /// A key that nothing reads.
  case unknownKey(place: SuitePlace, key: String, accepted: [String])
  /// A key that is needed.
  case missingKey(place: SuitePlace, key: String, accepted: String)
  /// A key that is given twice.
  case duplicateKey(place: SuitePlace, key: String)
  /// A value of the wrong type, or outside what its key accepts.
  case invalidValue(place: SuitePlace, value: String, accepted: String)
  /// A text whose placeholders, or a condition, cannot be read.
  case malformedTemplate(place: SuitePlace, text: String, column: Int, accepted: String)
  /// A placeholder that is no axis.
  case unknownPlaceholder(place: SuitePlace, name: String, accepted: [String])
  /// A placeholder whose arithmetic has no integer result.
  case arithmetic(place: SuitePlace, expression: String, reason: String)
  /// An axis of several values that no text mentions.
  case unusedAxis(place: SuitePlace, axis: String)
  /// An axis without values, or conditions that leave no combination.
  case emptyAxes(place: SuitePlace, reason: String)
  /// More combinations of axis values than a run could ever measure.
  case tooManyCombinations(place: SuitePlace, accepted: Int)
  /// More of something than a run could ever measure.
  case tooMany(place: SuitePlace, what: String, accepted: Int)
  /// A descriptor that describes no convolution.
  case invalidDescriptor(place: SuitePlace, text: String, reason: ProblemError)
  /// A step whose input is not the output of the step before it.
  case chainMismatch(place: SuitePlace, mismatch: ChainMismatch)
  /// Nodes of a block that do not make a graph.
  case invalidBlock(place: SuitePlace, reason: GraphError)
  /// Two different cases of one name.
  case duplicateCase(place: SuitePlace, name: String)
  /// Two comparisons of one name.
  case duplicateComparison(place: SuitePlace, name: String)
  /// A file in which there is nothing to measure.
  case nothingToMeasure(file: String, leftOut: [String], accepted: String)
}

/// An edge of a chain at which the shapes do not meet.
public struct ChainMismatch: Hashable, Sendable {
  /// The earlier step's number, from 1.
  public var step: Int
  /// The earlier step's name or descriptor.
  public var producer: String
  /// The later step's name or descriptor.
  public var consumer: String
  /// What the earlier step gives.
  public var output: ActivationShape
  /// What the later step needs.
  public var input: ActivationShape
}
