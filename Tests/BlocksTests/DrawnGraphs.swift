// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport

/// Blocks drawn at random: tensors that several concatenations, shuffles, additions and convolutions
/// read, in every order.
struct DrawnGraphs {
  private var generator: SeededGenerator
  private var maker: SampleGraphs.Maker
  private var names = ["input"]

  /// The graph of `seed`.
  static func graph(seed: UInt64) throws -> OperationGraph {
    var drawn = try DrawnGraphs(seed: seed)
    for _ in 0..<Int.random(in: 3...9, using: &drawn.generator) { try drawn.append() }
    try drawn.readAll()
    return drawn.maker.graph
  }

  private init(seed: UInt64) throws {
    generator = SeededGenerator(seed: seed)
    let channels = [3, 8, 16, 16, 24, 32].randomElement(using: &generator) ?? 16
    let batch = Int.random(in: 0..<5, using: &generator) == 0 ? 2 : 1
    maker = try SampleGraphs.Maker("mb\(batch)ic\(channels)ih5iw6")
  }

  /// A tensor, later ones more often.
  private mutating func source() -> String {
    let first = Int.random(in: 0..<names.count, using: &generator)
    return names[Int.random(in: first..<names.count, using: &generator)]
  }

  private func shape(_ name: String) -> ActivationShape {
    maker.graph.tensor(named: name).map(maker.graph.shape) ?? maker.graph.input
  }

  private mutating func append() throws {
    let name = "n\(names.count)"
    let read = source()
    let channels = shape(read).channels
    switch Int.random(in: 0..<12, using: &generator) {
    case 0, 1: try maker.conv(name, "oc\(drawnChannels())kh1", read)
    case 2: try maker.conv(name, "oc\(drawnChannels())kh3ph1", read)
    case 3: try maker.conv(name, "g\(channels)oc\(channels)kh3ph1", read)
    case 4 where channels % 4 == 0: try maker.conv(name, "g4oc\(channels)kh1", read)
    case 5: try maker.add(name, .relu, read)
    case 6 where channels % 2 == 0: try maker.add(name, .shuffle(groups: 2), read)
    case 7: try maker.pool(name, .largest, "kh3ph1", read)
    case 8: try gate(name, read)
    case 9:
      let other = names.last { $0 != read && shape($0) == shape(read) }
      try maker.add(name, .add, read, other ?? read)
    default: try maker.add(name, .concatenation, read, source(), source())
    }
    names.append(name)
  }

  private mutating func drawnChannels() -> Int {
    [4, 8, 11, 16, 16, 24].randomElement(using: &generator) ?? 16
  }

  /// Channel weighting of a tensor, sometimes with that tensor added again.
  private mutating func gate(_ name: String, _ read: String) throws {
    let shape = shape(read)
    try maker.pool(name + ".mean", .mean, "kh5kw6", read)
    try maker.conv(name + ".conv", "oc\(shape.channels)kh1", name + ".mean")
    try maker.add(name + ".gate", .sigmoid, name + ".conv")
    guard Bool.random(using: &generator) else {
      return try maker.add(name, .scale, read, name + ".gate")
    }
    try maker.add(name + ".scaled", .scale, read, name + ".gate")
    try maker.add(name, .add, name + ".scaled", read)
  }

  /// Concatenates what nobody reads, so that the graph is complete.
  private mutating func readAll() throws {
    let graph = maker.graph
    let unread = graph.nodes.indices.filter { graph.consumers(of: .node($0)).isEmpty }
      .map { graph.nodes[$0].name }
    guard unread.count > 1 else { return }
    try maker.graph.append("out", .concatenation, reading: unread)
  }
}
