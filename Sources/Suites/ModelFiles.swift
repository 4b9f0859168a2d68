// SPDX-License-Identifier: Apache-2.0

/// The files of a whole network that was read from a model: its weights, an input, and what the
/// runtime that read it made of that.
public struct ModelFiles: Codable, Hashable, Sendable {
  /// An input of the network, as other runtimes are given it.
  public struct Given: Codable, Hashable, Sendable {
    /// What the model calls it.
    public var name: String
    /// Where its elements lie, as they are in memory.
    public var path: String
    /// Its shape.
    public var shape: [Int]
    /// The type of its elements, as NumPy calls it: `float32`.
    public var type: String

    /// An input.
    public init(name: String, path: String, shape: [Int], type: String) {
      self.name = name
      self.path = path
      self.shape = shape
      self.type = type
    }
  }

  /// Floats of all weights, node after node: a filter and its bias, or a constant.
  public var weights: String
  /// The input, plain `[N][C][H][W]`.
  public var input: String
  /// What each of the nodes `checked` should give, one after the other, plain `[N][C][H][W]`.
  public var expected: String
  /// The nodes whose values are known.
  public var checked: [String]
  /// The results one after the other, as the model has them.
  public var outputs: String
  /// The model as an ONNX file, of known sizes and with its weights inside.
  public var model: String
  /// Its inputs.
  public var inputs: [Given]
  /// Its results.
  public var results: [String]

  /// Files of a network.
  public init(
    weights: String, input: String, expected: String, checked: [String], outputs: String,
    model: String, inputs: [Given], results: [String]
  ) {
    self.weights = weights
    self.input = input
    self.expected = expected
    self.checked = checked
    self.outputs = outputs
    self.model = model
    self.inputs = inputs
    self.results = results
  }

  /// What computed the values that are known.
  public static let source = "onnxruntime"
  /// Root mean square of the difference to these over that of the values: more is wrong.
  ///
  /// Roundings alone make half of it in the last sigmoid of a detector, whose arguments are large;
  /// what is read wrong differs by about one.
  public static let largestError = 1e-3
}
