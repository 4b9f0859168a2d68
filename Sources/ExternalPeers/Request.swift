// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// One request line; which fields are present depends on the action.
struct Request: Codable {
  /// The version of the protocol that this module speaks.
  static let version = 1

  var convscope = Self.version
  var id: Int
  var action: Action
  var handle: Int?
  var iterations: Int?
  /// Iterations before those, without a clock; nil leaves it to the contender.
  var warmUp: Int?
  var path: String?
  var problem: ProblemFields?
  var bias: Bool?
  var relu: Bool?
  /// The type of the tensors; nil for 32-bit floats.
  var type: DataType?
  /// What integers stand for.
  var quantization: QuantizationFields?
  var inputPath: String?
  var filterPath: String?
  var biasPath: String?
  /// The convolutions of a chain behind the first, each on the output of the one before.
  var then: [FollowingStep]?
  /// A whole network in place of convolutions.
  var model: ModelFields?
  /// An entry of a plan in place of convolutions and tensors, as JSON.
  var entry: String?
  /// Whether the output of that is to be checked.
  var verify: Bool?
  var workers: Int?
  var cpus: [Int]?

  enum CodingKeys: String, CodingKey {
    case convscope, id, handle, iterations, path, problem, bias, relu, workers, cpus
    case then, model, entry, verify, quantization
    case type = "dt"
    case action = "do"
    case warmUp = "warm_up"
    case inputPath = "input_path"
    case filterPath = "filter_path"
    case biasPath = "bias_path"
  }

  /// The first of `steps` as the keys of a single convolution, the others behind it.
  mutating func take(_ steps: [FollowingStep]) {
    problem = steps.first?.problem
    bias = steps.first?.bias
    relu = steps.first?.relu
    filterPath = steps.first?.filterPath
    biasPath = steps.first?.biasPath
    if steps.count > 1 { then = Array(steps.dropFirst()) }
  }

  init(id: Int, _ action: Action, handle: Int? = nil) {
    self.id = id
    self.action = action
    self.handle = handle
  }
}
