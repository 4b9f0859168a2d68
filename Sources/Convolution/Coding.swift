// SPDX-License-Identifier: Apache-2.0

extension ConvolutionProblem: Codable {
  /// Reads its descriptor.
  /// - Throws: `DecodingError` where it describes no problem.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      self = try ProblemDescriptor.parse(text).problem
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Writes its descriptor.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(ProblemDescriptor.print(self))
  }
}

extension OperationGraph: Codable {
  private enum CodingKeys: String, CodingKey { case input, nodes, kept, hasOwnWeights }

  /// What is stored of a node; the rest follows from it.
  private struct StoredNode: Codable {
    var name: String
    var operation: GraphOperation
    var sources: [String]
    var gain: Int

    /// What a node that was built cannot be; nil where it is none of that.
    var fault: String? {
      guard (1...ConvolutionProblem.largestAxis).contains(gain) else {
        return "\(name): gain is \(gain); accepted are 1 to \(ConvolutionProblem.largestAxis)"
      }
      switch operation {
      case .pooling(let pooling):
        let window = pooling.window
        let isDepthwise =
          window.groups == window.inChannels && window.outChannels == window.inChannels
        return isDepthwise ? nil : "\(name): the window of a pooling is depthwise"
      case .deformable(let operation):
        let (groups, channels) = (
          operation.offsetGroups, operation.convolution.problem.inChannels
        )
        return (1...channels).contains(groups) && channels % groups == 0
          ? nil : "\(name): \(channels) channels are not divisible by \(groups) offset groups"
      default: return nil
      }
    }
  }

  /// Appends the stored nodes one by one, so that what is read is as valid as what is built.
  /// - Throws: `DecodingError` where a node does not fit.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      input: try container.decode(ActivationShape.self, forKey: .input),
      hasOwnWeights: try container.decodeIfPresent(Bool.self, forKey: .hasOwnWeights) ?? false)
    func fault(_ key: CodingKeys, _ text: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: text)
    }
    do { _ = try checked(Self.inputName, input) } catch { throw fault(.input, "\(error)") }
    for node in try container.decode([StoredNode].self, forKey: .nodes) {
      if let text = node.fault { throw fault(.nodes, text) }
      do {
        try append(node.name, node.operation, reading: node.sources, gain: node.gain)
      } catch { throw fault(.nodes, "\(error)") }
    }
    for name in try container.decodeIfPresent([String].self, forKey: .kept) ?? [] {
      do { try keep(name) } catch { throw fault(.kept, "\(error)") }
    }
  }

  /// Writes what `append` takes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(input, forKey: .input)
    let stored = nodes.map {
      StoredNode(
        name: $0.name, operation: $0.operation, sources: $0.sources.map(name), gain: $0.gain)
    }
    try container.encode(stored, forKey: .nodes)
    if !kept.isEmpty { try container.encode(kept.sorted().map { nodes[$0].name }, forKey: .kept) }
    if hasOwnWeights { try container.encode(hasOwnWeights, forKey: .hasOwnWeights) }
  }
}
