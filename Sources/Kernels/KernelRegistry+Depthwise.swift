// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The depthwise microkernels of this module, one line each.
extension KernelRegistry {
  /// Visits form and function of each; a visitor for the reason that `forEach` has one.
  public static func forEachDepthwise(
    _ visit: (_ form: DepthwiseForm, _ run: @escaping KernelEntry.Run) -> Void
  ) {
    // Widths of 7, 14, 28, 56 and 112 are multiples of 7 and mostly of 8; 10 hides latency best.
    visit(DepthwiseWhole<8, 3, 1>.form) { DepthwiseWhole<8, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<7, 3, 1>.form) { DepthwiseWhole<7, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<10, 3, 1>.form) { DepthwiseWhole<10, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<4, 3, 1>.form) { DepthwiseWhole<4, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<8, 3, 2>.form) { DepthwiseWhole<8, 3, 2>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<7, 3, 2>.form) { DepthwiseWhole<7, 3, 2>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<8, 5, 1>.form) { DepthwiseWhole<8, 5, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<7, 5, 1>.form) { DepthwiseWhole<7, 5, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<8, 7, 1>.form) { DepthwiseWhole<8, 7, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseWhole<7, 7, 1>.form) { DepthwiseWhole<7, 7, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<9, 5, 1>.form) { DepthwiseChunked<9, 5, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<8, 5, 1>.form) { DepthwiseChunked<8, 5, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<7, 5, 1>.form) { DepthwiseChunked<7, 5, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<10, 4, 1>.form) { DepthwiseChunked<10, 4, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<7, 4, 1>.form) { DepthwiseChunked<7, 4, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<10, 3, 1>.form) { DepthwiseChunked<10, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<7, 3, 1>.form) { DepthwiseChunked<7, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<3, 3, 1>.form) { DepthwiseChunked<3, 3, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<7, 5, 2>.form) { DepthwiseChunked<7, 5, 2>.run($0, $1, $2, $3) }
    // No reuse along the line: any stride and dilation, narrow outputs.
    visit(DepthwiseChunked<8, 1, 1>.form) { DepthwiseChunked<8, 1, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<4, 1, 1>.form) { DepthwiseChunked<4, 1, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<2, 1, 1>.form) { DepthwiseChunked<2, 1, 1>.run($0, $1, $2, $3) }
    visit(DepthwiseChunked<1, 1, 1>.form) { DepthwiseChunked<1, 1, 1>.run($0, $1, $2, $3) }
  }
}
