// SPDX-License-Identifier: Apache-2.0

extension OperationGraph {
  /// The shape of a node's result, from what it reads.
  func outputShape(
    _ name: String, _ operation: GraphOperation, _ sources: [GraphTensor]
  ) throws(GraphError) -> ActivationShape {
    let shapes = sources.map(shape)
    try checkCount(name, operation, sources.count)
    if case .constant(let shape) = operation { return try checked(name, shape) }
    let first = shapes[0]
    switch operation {
    case .convolution(let problem, _):
      try check(sources[0], name, takes: problem.inputShape)
      return problem.outputShape
    case .deformable(let operation):
      try check(sources[0], name, takes: operation.convolution.problem.inputShape)
      try check(sources[1], name, takes: operation.offsetShape)
      if operation.isModulated { try check(sources[2], name, takes: operation.maskShape) }
      return operation.convolution.problem.outputShape
    case .pooling(let pooling):
      try check(sources[0], name, takes: pooling.window.inputShape)
      return pooling.window.outputShape
    case .relu, .sigmoid: return first
    case .add:
      try check(sources[1], name, takes: first)
      return first
    case .scale:
      try check(
        sources[1], name,
        takes: ActivationShape(batch: first.batch, channels: first.channels, extent: Extent(1, 1)))
      return first
    case .concatenation:
      for source in sources.dropFirst() {
        var expected = first
        expected.channels = shape(source).channels
        try check(source, name, takes: expected)
      }
      return try joined(name, shapes)
    case .shuffle(let groups):
      guard groups > 0, first.channels % groups == 0 else {
        throw .shuffle(node: name, channels: first.channels, groups: groups)
      }
      return first
    default: return try otherShape(name, operation, sources, first)
    }
  }

  private func otherShape(
    _ name: String, _ operation: GraphOperation, _ sources: [GraphTensor], _ first: ActivationShape
  ) throws(GraphError) -> ActivationShape {
    switch operation {
    case .combination:
      guard let shape = Combination.shape(first, shape(sources[1])) else {
        throw .shapes(
          producer: self.name(sources[1]), consumer: name, output: shape(sources[1]), input: first)
      }
      return try checked(name, shape)
    case .selection(let selection):
      guard selection.fits(first) else { throw .misfit(node: name, source: first) }
      return try checked(name, selection.shape)
    case .rearrangement(let rearrangement):
      let shape = try checked(name, rearrangement.shape)
      guard rearrangement.fits(first) else { throw .misfit(node: name, source: first) }
      return shape
    case .resize(let resize):
      guard resize.fits(first.extent) else { throw .misfit(node: name, source: first) }
      var resized = first
      resized.extent = Extent(resize.rows.count, resize.columns.count)
      return try checked(name, resized)
    default: return first
    }
  }

  /// A shape of sizes that can be addressed sensibly.
  func checked(
    _ name: String, _ shape: ActivationShape
  ) throws(GraphError) -> ActivationShape {
    let axes = [shape.batch, shape.channels, shape.extent.height, shape.extent.width]
    var count = 1
    for axis in axes {
      guard (1...ConvolutionProblem.largestAxis).contains(axis),
        count <= ConvolutionProblem.largestTensor / axis
      else { throw .tooLarge(node: name, channels: shape.channels, shape: shape) }
      count *= axis
    }
    return shape
  }

  private func joined(
    _ name: String, _ shapes: [ActivationShape]
  ) throws(GraphError) -> ActivationShape {
    var joined = shapes[0]
    joined.channels = 0
    // Each shape is within the limits, and so is what is joined so far: nothing overflows.
    let pixels = joined.batch * joined.extent.area
    for shape in shapes {
      let channels = joined.channels + shape.channels
      guard channels <= ConvolutionProblem.largestAxis,
        channels <= ConvolutionProblem.largestTensor / pixels
      else { throw .tooLarge(node: name, channels: channels, shape: joined) }
      joined.channels = channels
    }
    return joined
  }

  private func checkCount(
    _ name: String, _ operation: GraphOperation, _ count: Int
  ) throws(GraphError) {
    switch operation {
    case .constant:
      guard count == 0 else { throw .sourceCount(node: name, count: count, accepted: "none") }
    case .convolution, .pooling, .relu, .sigmoid, .shuffle, .point, .selection, .rearrangement,
      .resize, .softmax, .normalization:
      guard count == 1 else { throw .sourceCount(node: name, count: count, accepted: "one") }
    case .deformable(let operation):
      let accepted = operation.isModulated ? "three: input, offsets and mask" : "two"
      guard count == (operation.isModulated ? 3 : 2) else {
        throw .sourceCount(node: name, count: count, accepted: accepted)
      }
    case .add, .scale, .combination:
      guard count == 2 else { throw .sourceCount(node: name, count: count, accepted: "two") }
    case .concatenation:
      guard count >= 2 else {
        throw .sourceCount(node: name, count: count, accepted: "two or more")
      }
    }
  }

  private func check(
    _ source: GraphTensor, _ consumer: String, takes expected: ActivationShape
  ) throws(GraphError) {
    guard shape(source) == expected else {
      throw .shapes(
        producer: name(source), consumer: consumer, output: shape(source), input: expected)
    }
  }
}
