// SPDX-License-Identifier: Apache-2.0

import Convolution

/// Problems at the edges of what kernels handle, as benchdnn descriptors.
enum EdgeProblems {
  static let descriptors: [String] =
    channelTails + widths + strides + paddings + dilations + groups + rectangles + batches + deep

  /// Each vector width and panel width, ±1, on the input and the output side.
  private static let channelTails = [
    "ic1ih1oc1kh1", "ic1ih5oc1kh3ph1", "ic3ih5oc4kh3ph1", "ic4ih5oc5kh3ph1", "ic5ih6oc7kh1",
    "ic7ih4oc8kh3ph1", "ic8ih4oc9kh1", "ic9ih5oc15kh3ph1", "ic15ih4oc16kh3ph1",
    "ic16ih4oc17kh3ph1", "ic17ih5oc23kh1", "ic31ih3oc24kh3ph1", "ic32ih3oc25kh3ph1",
    "ic33ih4oc31kh1", "ic5ih3oc32kh3ph1", "ic6ih3oc33kh3ph1", "ic3ih4oc40kh3ph1",
    "ic2ih4oc47kh3ph1", "ic4ih3oc48kh3ph1", "ic3ih3oc65kh1", "ic3ih4oc80kh3ph1",
    "ic9ih5iw7oc64kh3ph1", "ic5ih3iw20oc52kh3ph1",
  ]

  /// Each number of pixels that a tile or its remainder can have.
  private static let widths =
    (1...17).map { "ic3ih2iw\($0)oc17kh3ph1" } + ["ic4ih1iw29oc20kh1", "ic2ih3iw57oc9kh3ph1"]
    + (1...14).map { "ic3ih2iw\($0)oc3kh3ph1" } + (2...14).map { "ic5ih1iw3oc\($0)kh1" }

  private static let strides = [
    "ic8ih7oc8kh1sh2", "ic4ih11oc6kh3sh2ph1", "ic5ih10oc33kh3sh2ph1", "ic3ih23oc16kh11sh4",
    "ic3ih19oc20kh7sh2ph3", "ic4ih12oc5kh2sh3", "ic6ih9iw13oc9kh3sh2sw3ph1", "ic4ih9oc8kh1sh3ph1",
  ]

  /// Asymmetric, larger than the kernel, larger than the input.
  private static let paddings = [
    "ic2ih9oh5oc3kh3sh2ph0", "ic3ih6oh8oc5kh3ph3", "ic5ih5iw6ow9oc9kh3pw4ph1", "ic2ih2oc3kh3ph5",
    "ic9ih3iw2oc17kh3ph1pw7", "ic4ih4oc8kh1ph2", "ic3ih1oc5kh5ph2", "ic8ih2oc16kh7ph3",
    "ic3ih8oh4ow5oc4kh3sh2ph1pw2",
  ]

  private static let dilations = [
    "ic4ih12oc4kh3ph2dh1", "ic5ih13oc7kh5sh3ph4dh2", "ic8ih9oc16kh3ph4dh3", "ic3ih7oc5kh3ph8dh7",
    "ic9ih8iw11oc10kh3ph2pw1dh1dw0", "ic4ih9oc8kh2ph3dh5",
  ]

  /// Wide, narrow, odd and depthwise groups, with and without a channel multiplier.
  private static let groups = [
    "g2ic6ih7oc4kh3ph1", "g2ic16ih5oc32kh3ph1", "g2ic32ih4oc48kh1", "g3ic15ih5oc21kh3ph1",
    "g3ic27ih4oc33kh1", "g3ic24ih4oc60kh1", "g4ic16ih9oc8kh1", "g4ic32ih6oc36kh3ph1",
    "g4ic20ih4oc68kh3ph1", "g5ic5ih6oc15kh2", "g8ic16ih7oc16kh3ph1", "g8ic32ih5oc32kh3ph1",
    "g16ic16ih6oc16kh3ph1", "g8ic8ih10oc16kh3sh2ph1", "g7ic7ih6oc7kh5ph2", "g32ic32ih5oc32kh3ph1",
    "g17ic17ih9oc17kh3sh2ph1", "g6ic6ih8oc18kh3ph2dh1", "g2ic2ih9iw33oc2kh3ph1",
    "g9ic9ih12oc9kh7ph3", "g16ic16ih7iw8oc16kh1", "g8ic8ih16oc8kh13ph6",
    // Rows that fill the longest tiles.
    "g8ic8ih3iw36oc16kh3ph1", "g2ic8ih3iw36oc8kh3ph1", "g8ic8ih2iw24oc16kh1",
    "g8ic16ih2iw24oc16kh1", "g3ic24ih2iw29oc24kh1", "g2ic16ih3iw37oc16kh3kw4ph1pw2",
    // Widths that do not divide the lanes.
    "g3ic9ih7oc9kh3ph1", "g4ic20ih13oc28kh3sh2ph1", "g2ic12ih6iw35oc18kh3ph1",
    "g2ic14ih14oc40kh5ph2", "mb2g3ic30ih9iw10oc30kh3ph2dh1",
    // Groups that share vectors of narrow numbers, and depthwise with more channels than a register has.
    "g5ic20ih5oc20kh3ph1", "g9ic72ih3iw13oc72kh1", "g3ic48ih4oc24kh3ph1",
    "g11ic44ih6iw9oc22kh3sh2ph1",
    "mb2g40ic80ih5iw9oc80kh3ph1", "g20ic160ih7oc160kh3sh2ph1", "g6ic96ih5oc96kh3ph2dh1",
    "g68ic68ih6iw7oc68kh4ph2", "g12ic48ih5iw13oc48kh5ph2", "g65ic65ih9iw5oc65kh3ph2dh1",
    "g64ic64ih3iw150oc64kh7ph3", "g130ic130ih4iw5oc130kh3ph1",
    "mb2g70ic70ih7iw9oc70kh5sh2ph2", "g33ic33ih5iw3oc33kh7ph3",
  ]

  private static let rectangles = [
    "ic3ih6iw11oc4kh3kw1ph1pw0", "ic3ih4iw19oc5kh1kw7ph0pw3", "ic8ih3iw25oc16kh3kw5ph1pw2",
    "ic5ih17iw1oc8kh5kw1ph2pw0", "ic4ih1iw31oc6kh1kw2ph0pw0",
  ]

  private static let batches = [
    "mb3ic7ih6oc5kh3ph1", "mb2g2ic4ih5oc6kh3ph3", "mb5ic8ih3oc16kh1", "mb3ic9ih5oc17kh1sh2",
    "mb2g16ic16ih5oc16kh3ph1", "mb4ic3ih6oc24kh3sh2ph1",
  ]

  /// Enough channels that sums are cut into blocks and outputs into several tasks.
  private static let deep = [
    "ic129ih6oc40kh3ph1", "ic200ih3oc130kh1", "ic70ih9oc33kh5ph2", "ic600ih2oc24kh3ph1",
    "ic32ih40oc24kh3ph1", "ic96ih4oc48kh7ph3", "ic17ih15iw16oc33kh7ph3", "mb2ic130ih14oc72kh1",
  ]

  /// Winograd tiles cut on each side, several blocks of tiles, of panels and of channels, phases,
  /// images.
  static let winograd = [
    "ic16ih12oc16kh3ph1", "ic9ih13iw31oc17kh3ph1", "mb3ic24ih9oc40kh3ph1", "ic8ih40oc8kh3ph1",
    "ic19ih17iw12oc33kh3ph2dh1", "mb2ic16ih14oc16kh3ph4dh3", "ic64ih28oc150kh3ph1",
    "ic600ih8oc24kh3ph1", "ic17ih15iw18oc9kh3ph0pw1", "ic8ih11iw12ow10oc24kh3pw0ph1",
    "ic16ih15oc24kh5ph2", "mb2ic33ih14oc16kh5ph4dh1", "ic12ih23oc20kh5ph0",
    "ic16ih18oc16kh7ph3", "mb2ic20ih16oc40kh7ph6dh1", "ic24ih30iw15oc8kh7ph2",
    "ic32ih28oc16kh5ph2", "ic32ih28oc16kh7ph3",
    // One pixel, of which blocks of channels lie as NHWC does.
    "ic17ih1oc64kh3ph3", "ic64ih1oc64kh3ph3", "ic3ih1oc64kh3ph3", "ic17ih1oc64kh5ph4",
    "ic21ih1oc40kh7ph6", "ic17ih2iw1oc9kh3ph2",
  ]

  /// Depthwise convolutions that a pointwise one follows: channel tails, strides, padding on one side
  /// and on both, dilation larger than the image, one row, one column, several images.
  static let separable = [
    "g16ic16ih6oc16kh3ph1", "g32ic32ih13iw11oc32kh3ph1", "mb3g24ic24ih9iw7oc24kh3sh2ph1",
    "g8ic8ih7oc8kh3sh2", "g17ic17ih8oc17kh3ph1", "mb2g19ic19ih11iw5oc19kh3sh2ph1",
    "g9ic9ih1iw13oc9kh3ph1", "g33ic33ih10oc33kh3ph2dh1", "g40ic40ih14iw9oc40kh5sh2ph2",
    "g16ic16ih5oc16kh7ph3", "mb2g23ic23ih9oc23kh3ph4dh3", "g31ic31ih6iw8oc31kh1",
    "g18ic18ih17iw3oc18kh3kw1sh2ph1pw0", "g64ic64ih5iw4oc64kh2ph1", "g130ic130ih4iw1oc130kh3ph1",
  ]

  /// Deformable convolutions with their offset groups, and whether they are modulated: channel tails,
  /// groups across offset groups, strides, dilation, several strips.
  static let deformable: [(String, Int, Bool)] = [
    ("ic8ih7oc8kh3ph1", 1, false), ("ic19ih6iw9oc13kh3ph1", 1, true),
    ("g2ic12ih7iw5oc6kh3kw2sh2ph1", 3, true), ("g3ic12ih8oc9kh3ph2dh1", 2, false),
    ("mb2ic32ih14oc40kh3ph1", 4, true), ("ic5ih4oc3kh1", 5, true),
    ("ic256ih12oc24kh3ph1", 2, true), ("ic3ih3oc4kh3ph3", 1, true),
  ]

  /// Taps and strides of depthwise lines that are cut differently at each width.
  static let lines = [
    (3, 1), (5, 1), (7, 1), (9, 1), (11, 1), (13, 1), (3, 2), (5, 2), (7, 2), (9, 2),
  ]

  /// Three lines of `width` pixels of 19 groups, of one channel by default.
  static func line(
    width: Int, taps: Int, stride: Int, inputs: Int = 1, outputs: Int = 1
  ) throws(ProblemError) -> ConvolutionProblem {
    try ConvolutionProblem(
      groups: 19, inChannels: 19 * inputs, outChannels: 19 * outputs, input: Extent(3, width),
      kernel: Extent(3, taps), stride: Extent(1, stride), padding: Padding(1, taps / 2))
  }

  /// Lines of `height` pixels down the image, of three channels.
  static func column(
    height: Int, taps: Int, stride: Int
  ) throws(ProblemError) -> ConvolutionProblem {
    try ConvolutionProblem(
      groups: 3, inChannels: 3, outChannels: 3, input: Extent(height, 9), kernel: Extent(taps, 3),
      stride: Extent(stride, 1), padding: Padding(taps / 2, 1))
  }

  /// The tiles of plain tensors that are compiled for `instructionSet`, channels × vectors.
  static func planeTiles(_ instructionSet: InstructionSet) -> [RegisterBlock] {
    (1...InstructionSet.largestPlaneTileChannels).flatMap { channels in
      (1..<instructionSet.planeTileVectors(channels: channels) + 1).map {
        RegisterBlock(pixels: channels, vectors: $0)
      }
    }
  }

  /// Groups whose outputs are one tile of plain tensors: with gaps between rows, and without.
  static func planes(
    _ tile: RegisterBlock, lanes: Int
  ) throws(ProblemError) -> [ConvolutionProblem] {
    let positions = tile.vectors * lanes
    return [
      try ConvolutionProblem(
        groups: 2, inChannels: 6, outChannels: 2 * tile.pixels,
        input: Extent(2, positions / 2 - 1), kernel: Extent(3, 3), padding: Padding(1, 1)),
      try ConvolutionProblem(
        groups: 2, inChannels: 4, outChannels: 2 * tile.pixels, input: Extent(1, positions - 1),
        kernel: Extent(1, 1)),
    ]
  }

  /// The problem that `descriptor` describes, in `type`.
  static func problem(
    _ descriptor: String, _ type: DataType = .f32
  ) throws(ProblemError) -> ConvolutionProblem {
    var problem = try ProblemDescriptor.parse(descriptor).problem
    problem.dataType = type
    return problem
  }
}
