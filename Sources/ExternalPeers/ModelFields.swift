// SPDX-License-Identifier: Apache-2.0

/// A whole network, as a request to prepare has it.
public struct ModelFields: Codable, Hashable, Sendable {
  /// An input.
  public struct Given: Codable, Hashable, Sendable {
    /// What the model calls it.
    public var name: String
    /// Where its elements lie, raw and little-endian.
    public var path: String
    /// Its shape.
    public var shape: [Int]
    /// The type of its elements: `float32`.
    public var type: String

    /// An input.
    public init(name: String, path: String, shape: [Int], type: String) {
      self.name = name
      self.path = path
      self.shape = shape
      self.type = type
    }
  }

  /// The ONNX file.
  public var path: String
  /// Its inputs.
  public var inputs: [Given]
  /// The outputs that count, in the order in which they are written.
  public var results: [String]

  /// A network.
  public init(path: String, inputs: [Given], results: [String]) {
    self.path = path
    self.inputs = inputs
    self.results = results
  }
}
