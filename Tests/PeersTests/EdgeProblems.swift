// SPDX-License-Identifier: Apache-2.0

import Convolution

/// Problems at the edges of what libraries handle.
enum EdgeProblems {
  /// benchdnn descriptors: tails, stride, dilation, groups, padding on one side, rectangles.
  static let descriptors = [
    "ic1ih1oc1kh1", "ic3ih5oc2kh3ph1", "ic16ih8oc16kh1", "ic17ih9oc33kh3ph1",
    "ic8ih7oc8kh1sh2", "ic4ih11oc6kh3sh2ph1", "ic4ih12oc4kh3ph2dh1", "ic5ih13oc7kh5sh3ph4dh2",
    "g2ic6ih7oc4kh3ph1", "g4ic16ih9oc8kh1", "g8ic8ih10oc8kh3ph1", "g8ic8ih10oc16kh3sh2ph1",
    "g5ic5ih6oc15kh2", "mb3ic7ih6oc5kh3ph1", "mb2g2ic4ih5oc6kh3ph3",
    "ic3ih6iw11oc4kh3kw1ph1pw0", "ic3ih4iw19oc5kh1kw7ph0pw3", "ic2ih2oc3kh3ph5",
    "ic2ih9oh5oc3kh3sh2ph0", "ic32ih40oc24kh3ph1",
  ]

  /// The problem that `descriptor` describes.
  static func problem(_ descriptor: String) throws -> ConvolutionProblem {
    try ProblemDescriptor.parse(descriptor).problem
  }
}
