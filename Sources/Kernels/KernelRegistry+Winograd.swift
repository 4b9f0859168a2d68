// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The Winograd microkernels of this module, one line each.
extension KernelRegistry {
  /// Visits form and functions of each; a visitor for the reason that `forEach` has one.
  ///
  /// `run` takes tiles from input to output; `transform` and `multiply` are its two halves, for
  /// problems with few tiles. `WinogradArguments` says more.
  public static func forEachWinograd(
    _ visit: (
      _ form: WinogradForm, _ run: @escaping KernelEntry.Run,
      _ transform: @escaping KernelEntry.Run, _ multiply: @escaping KernelEntry.Run
    ) -> Void
  ) {
    WinogradKernel<4, 2>.visit(visit)  // F(2, 3)
    WinogradKernel<6, 4>.visit(visit)  // F(4, 3)
    WinogradKernel<7, 5>.visit(visit)  // F(5, 3)
    WinogradKernel<8, 6>.visit(visit)  // F(6, 3)
    WinogradKernel<6, 2>.visit(visit)  // F(2, 5)
    WinogradKernel<7, 3>.visit(visit)  // F(3, 5)
    WinogradKernel<8, 4>.visit(visit)  // F(4, 5)
    WinogradKernel<8, 2>.visit(visit)  // F(2, 7)
    WinogradKernel<9, 3>.visit(visit)  // F(3, 7)
  }

  /// The input transform F(4, 4) of depthwise convolutions; arguments: `WinogradArguments`.
  public static var depthwiseTransform: KernelEntry.Run {
    { WinogradDepthwise<7, 4>.transform($0, $1, $2, $3) }
  }

  /// Their output transform.
  public static var depthwiseResults: KernelEntry.Run {
    { WinogradDepthwise<7, 4>.finish($0, $1, $2, $3) }
  }
}

extension WinogradKernel {
  /// Shows form and functions to `visit`.
  @inline(__always)
  static func visit(
    _ visit: (
      _ form: WinogradForm, _ run: @escaping KernelEntry.Run,
      _ transform: @escaping KernelEntry.Run, _ multiply: @escaping KernelEntry.Run
    ) -> Void
  ) {
    visit(
      WinogradForm(outputs: outputs, taps: points - outputs + 1),
      { run($0, $1, $2, $3) }, { transform($0, $1, $2, $3) }, { multiply($0, $1, $2, $3) })
  }
}
