// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Suites

/// The tensors of a model, read from its files.
struct ModelTensors {
  /// The weights of each node.
  let weights: GraphWeights
  /// The input, plain `[N][C][H][W]`.
  let input: TensorValues

  /// Reads weights and input.
  /// - Throws: `SubjectFailure` where a file is missing or of another size.
  init(_ graph: OperationGraph, _ files: ModelFiles) throws {
    let counts = graph.nodes.map(Self.counts)
    var reader = try FloatReader(files.weights, count: counts.joined().reduce(0, +))
    var weights = GraphWeights([])
    for (place, node) in graph.nodes.enumerated() {
      let parts = counts[place].map { reader.take($0) }
      if case .constant = node.operation { weights.constants[place] = parts[0] }
      weights.ofNodes.append(
        node.convolution.map { Weights($0, filter: parts[0], bias: parts[1]) })
    }
    self.weights = weights
    var input = try FloatReader(files.input, count: graph.input.count)
    self.input = input.take(graph.input.count)
  }

  /// Floats of the constants of a node.
  private static func counts(_ node: OperationGraph.Node) -> [Int] {
    if case .constant(let shape) = node.operation { return [shape.count] }
    return node.convolution.map { convolution in
      let problem = convolution.problem
      return [problem.filterCount, convolution.epilogue.hasBias ? problem.outChannels : 0]
    } ?? []
  }

  /// What the nodes `checked` should give, by name.
  static func expected(_ graph: OperationGraph, _ files: ModelFiles) throws -> [String:
    TensorValues]
  {
    let shapes = Dictionary(
      graph.nodes.map { ($0.name, $0.shape.count) }, uniquingKeysWith: { first, _ in first })
    let counts = files.checked.map { shapes[$0] ?? 0 }
    var reader = try FloatReader(files.expected, count: counts.reduce(0, +))
    var expected: [String: TensorValues] = [:]
    for (name, count) in zip(files.checked, counts) { expected[name] = reader.take(count) }
    return expected
  }

  /// The results as other runtimes give them.
  static func outputs(_ files: ModelFiles) throws -> TensorValues {
    var reader = try FloatReader(files.outputs, count: nil)
    return reader.take(reader.count)
  }
}

/// Floats of a file, from its beginning on.
private struct FloatReader {
  private let data: Data
  private var place = 0
  /// Floats of the file.
  let count: Int

  init(_ path: String, count expected: Int?) throws {
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw SubjectFailure.failed("\(path) cannot be read")
    }
    count = data.count / ElementType.f32.bytes
    if let expected, data.count != expected * ElementType.f32.bytes {
      throw SubjectFailure.failed(
        "\(path) has \(data.count) bytes; accepted are \(expected) floats")
    }
  }

  mutating func take(_ count: Int) -> TensorValues {
    let start = data.startIndex + place * ElementType.f32.bytes
    let bytes = data[start..<start + count * ElementType.f32.bytes]
    place += count
    return TensorValues(unsafeUninitializedCapacity: count) { target, initialized in
      initialized = bytes.copyBytes(to: target) / ElementType.f32.bytes
    }
  }
}
