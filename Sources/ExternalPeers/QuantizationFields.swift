// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What integers stand for, as the protocol writes it.
struct QuantizationFields: Codable, Hashable {
  var inputZero: Int
  var outputZero: Int
  /// For each output channel, what a step of its sums is in steps of the output.
  var scales: TensorValues

  enum CodingKeys: String, CodingKey {
    case scales
    case inputZero = "input_zero"
    case outputZero = "output_zero"
  }

  init(_ quantization: Quantization) {
    inputZero = quantization.inputZero
    outputZero = quantization.outputZero
    scales = quantization.scales
  }
}
