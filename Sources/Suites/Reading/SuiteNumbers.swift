// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// The numbers that a suite may give outside its descriptors.
enum SuiteNumbers {
  /// How often, and how many: as large as an axis of a tensor.
  static let counts = 1...ConvolutionProblem.largestAxis
  /// The same in words.
  static let accepted = "a whole number from 1 to \(ConvolutionProblem.largestAxis)"

  /// The count that `text` writes.
  static func count(_ text: String, at place: SuitePlace) throws(SuiteError) -> Int {
    guard let number = Int(reading: text, in: counts) else {
      throw .invalidValue(place: place, value: "‘\(text)’", accepted: accepted)
    }
    return number
  }
}
