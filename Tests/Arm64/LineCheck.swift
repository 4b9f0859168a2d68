// SPDX-License-Identifier: Apache-2.0

import Convolution

/// One operation by single line kernels, with small integers.
struct LineCheck {
  private var check: ExactCheck

  /// The check of `operation`, with one reference for all kernels.
  init(_ operation: ConvolutionOperation, _ checks: Checks) {
    check = ExactCheck(operation, seed: 0x11E5, workers: 2, checks)
  }

  var checks: Checks { check.checks }

  /// Computes the operation by copies between zeros, one plane and two at a time.
  mutating func runCopies() {
    for planes in 1...2 {
      for variant in HaloVariant.variants(.neon, planes: planes...planes) { check.visit(variant) }
    }
  }

  /// Computes the operation by `entry` in each layout in which it fits.
  mutating func run(_ entry: LineEntry) {
    let problem = check.trial.operation.problem
    let lanes = InstructionSet.neon.lanes
    for layout in [Layout.nhwc, .channelBlocked(lanes: lanes)] {
      for family in [LineVariant.Family.depthwise, .grouped] {
        check.visit(LineVariant(family, .neon, layout: layout, entries: [entry]))
      }
    }
    let geometry = LineGeometry(problem, PaddedPlane(problem, lanes: lanes), lanes: lanes)
    if problem.isDepthwise,
      LinePlan(problem, geometry, layout: .nchw, entries: [entry]) != nil
    {
      check.visit(DepthwisePlainVariant(.neon, entries: [entry]))
    }
  }
}
