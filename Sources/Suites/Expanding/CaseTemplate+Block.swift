// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension CaseTemplate {
  /// Reads the value of a key `form`.
  static func form(_ node: SuiteNode) throws(SuiteError) -> GraphForm {
    let names = GraphForm.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    guard let form = GraphForm(rawValue: try node.string(accepted: names)) else {
      throw node.invalid(accepted: names)
    }
    return form
  }

  /// Reads `true` or `false`.
  static func flag(_ node: SuiteNode) throws(SuiteError) -> Bool {
    guard case .boolean(let value) = node.value.content else {
      throw node.invalid(accepted: "true or false")
    }
    return value
  }

  /// Refuses a block without a name, and keys beside it that only rows of convolutions have.
  static func checkBlock(_ object: SuiteObject) throws(SuiteError) {
    _ = try object.required("name", accepted: "the block's name")
    for key in ["steps", "epilogue"] {
      guard let node = object[key] else { continue }
      throw .invalidValue(
        place: node.place, value: "‘\(key)’ beside ‘block’",
        accepted: "one of them; the nodes of a block have an epilogue each")
    }
  }

  /// Refuses a data type of a block.
  func checkBlockType() throws(SuiteError) {
    guard let dataType else { return }
    throw .invalidValue(
      place: dataType.place, value: "‘dt’ of a block",
      accepted: "blocks in 32-bit floats, without ‘dt’ beside or above them")
  }

  /// Refuses keys that only blocks have.
  static func checkNoBlock(_ object: SuiteObject?) throws(SuiteError) {
    for key in BlockTemplate.keys {
      guard let node = object?[key] else { continue }
      throw .invalidValue(
        place: node.place, value: "‘\(key)’ without ‘block’", accepted: BlockTemplate.accepted)
    }
  }

  /// The convolutions of a block as cases of their own.
  func layers(of block: SuiteCase) -> [SuiteCase] {
    guard measuresLayers, let graph = block.graph else { return [] }
    return graph.nodes.compactMap { node in
      // A deformable convolution needs offsets, which only the block gives.
      guard case .convolution(let problem, let hasBias) = node.operation else { return nil }
      var layer = SuiteCase(
        name: "\(block.name) / \(node.name)", steps: [NamedProblem(problem)],
        epilogue: Epilogue(hasBias: hasBias), axes: block.axes)
      layer.partOf = block.name
      return layer
    }
  }
}
