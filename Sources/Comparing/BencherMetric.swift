// SPDX-License-Identifier: Apache-2.0

/// A value of Bencher's metric format.
struct BencherMetric: Encodable {
  var value: Double
  var lower: Double?
  var upper: Double?

  enum CodingKeys: String, CodingKey {
    case value
    case lower = "lower_value"
    case upper = "upper_value"
  }
}
