// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension LineSource {
  /// How vectors of `lanes` channels meet the groups of `problem` in `layout`; nil where neither a
  /// permutation of one vector nor a single input channel serves all lanes.
  init?(_ problem: ConvolutionProblem, layout: Layout, lanes: Int) {
    let inputs = problem.inChannelsPerGroup
    let outputs = problem.outChannelsPerGroup
    if inputs == 1, outputs == 1 {
      self = .ownChannel
    } else if outputs % lanes == 0 {
      // Channels of one group must not begin in the middle of a block and end in the next.
      guard layout == .nhwc || inputs % lanes == 0 || lanes % inputs == 0 else { return nil }
      self = .sharedChannel
    } else {
      guard lanes % outputs == 0, inputs <= outputs, outputs % inputs == 0 else { return nil }
      self = .permuted(inputs: inputs, outputs: outputs)
    }
  }

  /// Input channels in one vector of inputs.
  var channelsPerVector: Int {
    if case .permuted(let inputs, _) = self { inputs } else { 1 }
  }
}
