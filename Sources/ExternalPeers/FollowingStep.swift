// SPDX-License-Identifier: Apache-2.0

/// A convolution of a chain behind the first, as a request to prepare has it.
struct FollowingStep: Codable {
  var problem: ProblemFields
  var bias: Bool
  var relu: Bool
  var filterPath: String
  var biasPath: String?

  enum CodingKeys: String, CodingKey {
    case problem, bias, relu
    case filterPath = "filter_path"
    case biasPath = "bias_path"
  }
}
