// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What the reader of ONNX models says of a whole model: a graph with its files, or why there is none.
struct ONNXGraph: Hashable, Sendable, Decodable {
  private let summary: String?
  private let graph: OperationGraph?
  private let files: ModelFiles?
  private let missing: [ONNXListing.Missing]?
  private let reason: String?

  private enum CodingKeys: String, CodingKey {
    case summary, graph, files, missing, reason
  }

  /// Reads what the reader printed; a graph that is none here is a reason, and the layers remain.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    files = try container.decodeIfPresent(ModelFiles.self, forKey: .files)
    missing = try container.decodeIfPresent([ONNXListing.Missing].self, forKey: .missing)
    var reason = try container.decodeIfPresent(String.self, forKey: .reason)
    var graph: OperationGraph?
    do {
      graph = try container.decodeIfPresent(OperationGraph.self, forKey: .graph)
      try graph?.checkComplete()
    } catch DecodingError.dataCorrupted(let context) {
      reason = context.debugDescription
    } catch let error as GraphError {
      (graph, reason) = (nil, error.description)
    }
    self.graph = graph
    self.reason = reason
    summary =
      reason == nil ? try container.decodeIfPresent(String.self, forKey: .summary) : nil
  }

  /// What the suite of a whole network is called behind the model's name.
  static let ending = "-whole"

  /// Nodes that no part of the graph computes.
  var missingNodes: [ONNXListing.Missing] { missing ?? [] }

  /// What there is to say of the whole.
  var remark: String {
    if let summary { return summary }
    return "not run as a whole: \(reason ?? "the reader says nothing of a graph")"
  }

  /// The whole network in both forms; none where there is no graph.
  func cases(name: String) -> [SuiteCase] {
    guard let graph, let files else { return [] }
    return GraphForm.allCases.map { form in
      var whole = SuiteCase(
        name: "\(name) \(form.rawValue)", graph: graph, form: form)
      whole.model = files
      return whole
    }
  }

  /// The comparison of both forms.
  static func comparison(_ cases: [SuiteCase]) -> [SuiteComparison] {
    guard let unfused = cases.first(where: { $0.form == .unfused }),
      let fused = cases.first(where: { $0.form == .fused })
    else { return [] }
    return [
      SuiteComparison(
        name: "end to end", baselineCase: unfused.name, contenderCase: fused.name)
    ]
  }
}
