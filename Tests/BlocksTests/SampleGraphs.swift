// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation

/// Blocks of every kind, small, with channels that fill vectors and channels that do not.
enum SampleGraphs {
  /// A graph made of descriptors: name, operation, sources.
  struct Maker {
    var graph: OperationGraph

    init(_ input: String) throws {
      graph = OperationGraph(input: try ProblemDescriptor.shape(input))
    }

    mutating func conv(_ name: String, _ text: String, _ source: String) throws {
      let tensor = graph.tensor(named: source) ?? .input
      let problem = try ProblemDescriptor.parse(text, reading: graph.shape(tensor))
      try graph.append(name, .convolution(problem, hasBias: true), reading: [source])
    }

    mutating func pool(
      _ name: String, _ kind: Pooling.Kind, _ text: String, _ source: String
    ) throws {
      let tensor = graph.tensor(named: source) ?? .input
      let window = try ProblemDescriptor.window(text, over: graph.shape(tensor))
      try graph.append(name, .pooling(Pooling(kind, window: window)), reading: [source])
    }

    mutating func add(_ name: String, _ operation: GraphOperation, _ sources: String...) throws {
      try graph.append(name, operation, reading: sources)
    }
  }

  /// The graphs by name.
  static func all() throws -> [(name: String, graph: OperationGraph)] {
    [
      ("residual", try residual(channels: 16)), ("residual odd", try residual(channels: 11)),
      ("projection", try projection()), ("inception", try inception([16, 8, 24, 8])),
      ("inception odd", try inception([3, 9, 8, 5])), ("dense", try dense(growth: 8)),
      ("dense odd", try dense(growth: 5)), ("shuffle", try shuffle(groups: 4)),
      ("shuffle odd", try shuffle(groups: 3)), ("downsampling shuffle", try downsampling()),
      ("shuffle between pointwise", try pointwise(groups: 4, readers: 4)),
      ("shuffle read by one group", try pointwise(groups: 4, readers: 1)),
      ("shuffle read by two groups", try pointwise(groups: 4, readers: 2)),
      ("deformable", try deformable(isModulated: false)),
    ]
  }

  static func residual(channels: Int, batch: Int = 2) throws -> OperationGraph {
    var maker = try Maker("mb\(batch)ic\(channels)ih6iw7")
    try maker.conv("a.conv", "oc\(channels)kh3kw3ph1pw1", "input")
    try maker.add("a", .relu, "a.conv")
    try maker.conv("b", "oc\(channels)kh3kw3ph1pw1", "a")
    try maker.add("sum", .add, "b", "input")
    try maker.add("out", .relu, "sum")
    return maker.graph
  }

  static func projection() throws -> OperationGraph {
    var maker = try Maker("ic16ih8")
    try maker.conv("short", "oc32kh1sh2", "input")
    try maker.conv("a.conv", "oc32kh3sh2ph1", "input")
    try maker.add("a", .relu, "a.conv")
    try maker.conv("b", "oc32kh3ph1", "a")
    try maker.add("sum", .add, "b", "short")
    try maker.add("out", .relu, "sum")
    return maker.graph
  }

  static func inception(_ channels: [Int]) throws -> OperationGraph {
    var maker = try Maker("ic24ih7")
    try maker.conv("one.conv", "oc\(channels[0])kh1", "input")
    try maker.add("one", .relu, "one.conv")
    try maker.conv("reduce", "oc8kh1", "input")
    try maker.conv("three", "oc\(channels[1])kh3ph1", "reduce")
    try maker.conv("five", "oc\(channels[2])kh5ph2", "input")
    try maker.pool("pool", .largest, "kh3ph1", "input")
    try maker.conv("project", "oc\(channels[3])kh1", "pool")
    try maker.add("out", .concatenation, "one", "three", "five", "project")
    return maker.graph
  }

  static func dense(growth: Int) throws -> OperationGraph {
    var maker = try Maker("ic16ih5")
    try maker.conv("new1", "oc\(growth)kh3ph1", "input")
    try maker.add("all1", .concatenation, "input", "new1")
    for layer in 2...3 {
      try maker.conv("new\(layer)", "oc\(growth)kh3ph1", "all\(layer - 1)")
      try maker.add("all\(layer)", .concatenation, "all\(layer - 1)", "new\(layer)")
    }
    return maker.graph
  }

  static func shuffle(groups: Int) throws -> OperationGraph {
    let channels = 16 * groups
    var maker = try Maker("mb2ic\(channels)ih6")
    try maker.conv("first.conv", "g\(groups)oc\(channels)kh1", "input")
    try maker.add("first", .relu, "first.conv")
    try maker.add("shuffled", .shuffle(groups: groups), "first")
    try maker.conv("depthwise", "g\(channels)oc\(channels)kh3ph1", "shuffled")
    try maker.conv("second", "g\(groups)oc\(channels)kh1", "depthwise")
    try maker.add("sum", .add, "input", "second")
    try maker.add("out", .relu, "sum")
    return maker.graph
  }

  /// Three convolutions, so that the last does not start from the output of a fusion.
  static func pointwise(groups: Int, readers: Int) throws -> OperationGraph {
    var maker = try Maker("mb2ic64ih5")
    try maker.conv("first.conv", "g\(groups)oc64kh1", "input")
    try maker.add("first", .relu, "first.conv")
    try maker.add("shuffled", .shuffle(groups: groups), "first")
    try maker.conv("second", "g\(readers)oc64kh1", "shuffled")
    try maker.add("sum", .add, "second", "input")
    try maker.add("out", .relu, "sum")
    return maker.graph
  }

  /// Offsets of a few whole pixels, on integer data.
  static func deformable(isModulated: Bool) throws -> OperationGraph {
    var maker = try Maker("ic16ih6")
    try maker.conv("offsets", "oc18kh1", "input")
    let problem = try ProblemDescriptor.parse("oc24kh3ph1", reading: maker.graph.input)
    let operation = try DeformableOperation(
      ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true)), isModulated: isModulated)
    if isModulated {
      try maker.conv("weights", "oc9kh1", "input")
      try maker.add("mask", .sigmoid, "weights")
      try maker.add("moved", .deformable(operation), "input", "offsets", "mask")
    } else {
      try maker.add("moved", .deformable(operation), "input", "offsets")
    }
    try maker.add("out", .relu, "moved")
    return maker.graph
  }

  static func downsampling() throws -> OperationGraph {
    var maker = try Maker("ic24ih8")
    try maker.conv("first", "g3oc24kh1", "input")
    try maker.add("shuffled", .shuffle(groups: 3), "first")
    try maker.conv("depthwise", "g24oc24kh3sh2ph1", "shuffled")
    try maker.pool("short", .mean, "kh3sh2ph1", "input")
    try maker.add("joined", .concatenation, "short", "depthwise")
    try maker.add("out", .relu, "joined")
    return maker.graph
  }

  /// A block with channel weighting behind the convolution `first`, in which `{c}` stands for the
  /// channels; its sigmoid keeps it from exact integers.
  static func squeeze(
    _ first: String = "oc{c}kh3ph1", channels: Int, size: Int = 6
  ) throws -> OperationGraph {
    var maker = try Maker("mb2ic\(channels)ih\(size)")
    try maker.conv(
      "a", first.replacingOccurrences(of: "{c}", with: "\(channels)"), "input")
    try maker.pool("mean", .mean, "kh\(size)", "a")
    try maker.conv("less.conv", "oc4kh1", "mean")
    try maker.add("less", .relu, "less.conv")
    try maker.conv("more", "oc\(channels)kh1", "less")
    try maker.add("gate", .sigmoid, "more")
    try maker.add("scaled", .scale, "a", "gate")
    try maker.add("sum", .add, "scaled", "input")
    try maker.add("out", .relu, "sum")
    return maker.graph
  }

  /// A mean of what no convolution has written.
  static func pooledMean() throws -> OperationGraph {
    var maker = try Maker("ic16ih8")
    try maker.conv("a", "oc16kh3ph1", "input")
    try maker.pool("largest", .largest, "kh2sh2", "a")
    try maker.pool("mean", .mean, "kh4", "largest")
    return maker.graph
  }
}
