// SPDX-License-Identifier: Apache-2.0

import Convolution

/// Graphs of the operations that only whole networks have, each behind a convolution.
enum NetworkOperations {
  static let functions: [PointFunction] = [
    .clip(least: 0, most: 0.5), .clip(least: 0.25, most: 0.5), .leakyReLU(slope: 0.1),
    .hardSigmoid(slope: 0.2, offset: 0.5), .hardSwish, .swish, .tanh, .erf, .gelu, .absolute, .mish,
  ]

  /// A graph for each operation, with `channels` channels.
  static func all(channels: Int) throws -> [(name: String, graph: OperationGraph)] {
    var graphs: [(name: String, graph: OperationGraph)] = []
    for function in functions {
      graphs.append((function.name, try graph(channels) { try $0.add("y", .point(function), "a") }))
    }
    for combination in Combination.allCases {
      let name = combination.rawValue
      graphs.append((name, try combined(combination, channels: channels, with: "ic{c}ih6iw7")))
      for shape in ["ic{c}ih1iw1", "ic1ih6iw7", "ic1ih1iw1", "ic{c}ih6iw1"] {
        graphs.append(
          ("\(name) \(shape)", try combined(combination, channels: channels, with: shape)))
      }
    }
    graphs += try moves(channels: channels)
    graphs.append(("softmax", try graph(channels) { try $0.add("y", .softmax, "a") }))
    graphs.append(
      ("norm", try graph(channels) { try $0.add("y", .normalization(epsilon: 1e-5), "a") }))
    graphs.append(
      (
        "roots",
        try graph(channels) { maker in
          try maker.add("b", .point(.absolute), "a")
          try maker.add("y", .point(.squareRoot), "b")
        }
      ))
    let taps = [0.25, 0.75, 0.0, 1.0, 0.5].enumerated().map { place, weight in
      LinearResize.Tap(first: place, second: min(place + 1, 5), weight: Float(weight))
    }
    graphs.append(
      (
        "resize",
        try graph(channels) {
          try $0.add("y", .resize(LinearResize(rows: taps, columns: taps)), "a")
        }
      ))
    return graphs
  }

  /// Operations that only move elements.
  static func moves(channels: Int) throws -> [(name: String, graph: OperationGraph)] {
    let all = (
      images: Array(0..<2), channels: Array(0..<channels), rows: Array(0..<6), columns: Array(0..<7)
    )
    let part = Selection(
      images: all.images, channels: Array(channels / 3..<channels), rows: all.rows,
      columns: all.columns)
    let mixed = Selection(
      images: [1, 0, 1], channels: [-1] + all.channels.reversed(), rows: [5, 5, 0],
      columns: [-1, 0, 2, 4, 6, -1], fill: 0.5)
    let padded = Selection(
      images: all.images, channels: all.channels, rows: [-1] + all.rows, columns: all.columns + [-1]
    )
    let shape = ActivationShape(batch: 2, channels: 42, extent: Extent(1, channels))
    let transposed = Rearrangement(
      shape: shape,
      digits: [
        .init(size: 2, step: 42 * channels), .init(size: 42, step: 1),
        .init(size: channels, step: 42),
      ])
    let repeated = Rearrangement(
      shape: ActivationShape(batch: 2, channels: channels, extent: Extent(6, 14)),
      digits: [
        .init(size: 2 * channels * 6, step: 7), .init(size: 7, step: 1), .init(size: 2, step: 0),
      ])
    return [
      ("part", try graph(channels) { try $0.add("y", .selection(part), "a") }),
      ("mixed", try graph(channels) { try $0.add("y", .selection(mixed), "a") }),
      ("padded", try graph(channels) { try $0.add("y", .selection(padded), "a") }),
      ("transposed", try graph(channels) { try $0.add("y", .rearrangement(transposed), "a") }),
      ("repeated", try graph(channels) { try $0.add("y", .rearrangement(repeated), "a") }),
      (
        "parts of a concatenation",
        try graph(channels) { maker in
          try maker.add("b", .selection(part), "a")
          try maker.add("c", .concatenation, "a", "b")
          try maker.conv("y", "oc8kh1", "c")
        }
      ),
    ]
  }

  /// A constant of a shape, on either side.
  private static func combined(
    _ combination: Combination, channels: Int, with text: String
  ) throws -> OperationGraph {
    let shape = try ProblemDescriptor.shape(text.replacing("{c}", with: "\(channels)"))
    return try graph(channels) { maker in
      try maker.add("k", .constant(shape))
      // Nothing near zero, which a division would magnify.
      try maker.add("l", .point(.absolute), "k")
      try maker.add("m", .point(.clip(least: 0.25, most: 1)), "l")
      try maker.add("b", .combination(combination), "a", "m")
      try maker.add("n", .point(.clip(least: -2, most: 2)), "b")
      let second: Combination = combination == .divide ? .subtract : combination
      try maker.add("y", .combination(second), "m", "n")
    }
  }

  private static func graph(
    _ channels: Int, _ append: (inout SampleGraphs.Maker) throws -> Void
  ) throws -> OperationGraph {
    var maker = try SampleGraphs.Maker("mb2ic5ih6iw7")
    try maker.conv("a", "oc\(channels)kh3ph1", "input")
    try append(&maker)
    return maker.graph
  }
}
