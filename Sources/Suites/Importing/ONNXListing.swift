// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import Foundation

/// What the reader of ONNX models (`peers/onnx_convolutions.py --json`) says of a model.
public struct ONNXListing: Hashable, Sendable, Decodable {
  private let found: Int
  private let summary: String
  private let layers: [Layer]
  private let missing: [Missing]
  private let notes: [String]
  private let graph: ONNXGraph?

  /// Convolutions that compute the same.
  private struct Layer: Hashable, Sendable, Decodable {
    let descriptor: String
    let name: String
    let count: Int
    let bias: Bool
    let relu: Bool
  }

  /// A convolution that the reader could not read.
  struct Missing: Hashable, Sendable, Decodable {
    let node: String
    let `operator`: String
    let reason: String
  }

  /// The extension of a model's file, in whatever case.
  public static func isModel(_ path: String) -> Bool { path.lowercased().hasSuffix(".onnx") }

  /// Reads what the reader printed.
  /// - Throws: `DecodingError` for anything else.
  public init(_ data: Data) throws {
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  /// Makes a suite of the model's convolutions; those that are not in it are in its notes.
  /// - Throws: `SuiteError.nothingToMeasure` where none is left.
  public func suite(file: String, name: String) throws(SuiteError) -> Suite {
    var tally = ImportTally()
    let left = addLayers(to: &tally)
    tally.remark(
      left.isEmpty ? summary : "\(summary), of which \(left.count) cannot be run", file: file)
    for note in notes { tally.remark(note, file: file) }
    for text in Self.reasons(missing + left) { tally.remark(text, file: file) }
    return try tally.suite(
      name: name, title: "Convolutions of \(name)", source: file,
      accepted: found == 0
        ? "a model with convolutions"
        : "Conv, FusedConv, QLinearConv and ConvInteger with one or two spatial axes and known "
          + "shapes",
      missing: missing.count + left.count)
  }

  /// Adds the layers, and says which cannot be run.
  private func addLayers(to tally: inout ImportTally) -> [Missing] {
    var left: [Missing] = []
    for layer in layers {
      do throws(ProblemError) {
        var named = try ProblemDescriptor.parse(layer.descriptor)
        named.name = layer.name
        named.multiplicity = layer.count
        tally.add(named, epilogue: Epilogue(hasBias: layer.bias, hasReLU: layer.relu))
      } catch {
        // Those of one layer are one node and others like it.
        left += (0..<layer.count).map { _ in
          Missing(node: layer.name, operator: "Conv", reason: "\(layer.descriptor): \(error)")
        }
      }
    }
    return left
  }

  /// Makes a suite of the whole network, fused and unfused; nil where the reader was not asked.
  public func whole(file: String, name: String) -> Suite? {
    guard let graph else { return nil }
    let cases = graph.cases(name: name)
    var tally = ImportTally()
    tally.remark(graph.remark, file: file)
    for text in Self.reasons(graph.missingNodes) { tally.remark(text, file: file) }
    return Suite(
      name: "\(name)\(ONNXGraph.ending)", title: "\(name) from end to end",
      question: "What does \(name) take from end to end, and where does the time go?",
      source: file, cases: cases, comparisons: ONNXGraph.comparison(cases), notes: tally.notes,
      missing: cases.isEmpty ? 1 : graph.missingNodes.count)
  }

  /// The nodes that are missing, by reason.
  private static func reasons(_ missing: [Missing]) -> [String] {
    var order: [String] = []
    var nodes: [String: [String]] = [:]
    for one in missing {
      let reason = "(\(one.operator)) not read: \(one.reason)"
      if nodes[reason] == nil { order.append(reason) }
      nodes[reason, default: []].append(one.node)
    }
    return order.map { "\((nodes[$0] ?? []).joined(separator: ", ")) \($0)" }
  }
}
