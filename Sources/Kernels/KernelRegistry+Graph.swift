// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The microkernels of what stands between convolutions, one line each.
extension KernelRegistry {
  /// Visits the entries; a visitor for the reason that `forEach` has one.
  public static func forEachGraphKernel(_ visit: (KernelEntry) -> Void) {
    visit(graph(.elementwise, ElementwiseKernel.run))
    visit(graph(.sigmoid, SigmoidKernel.run))
    visit(graph(.pooling, PoolingKernel.run))
    visit(graph(.globalMean, GlobalMeanKernel.run))
    visit(graph(.gather, GatherKernel.run))
    visit(graph(.point, PointKernel.run))
    visit(graph(.combination, CombinationKernel.run))
    visit(graph(.resize, ResizeKernel.run))
    visit(graph(.softmax, SoftmaxKernel.run))
    visit(graph(.normalization, NormalizationKernel.run))
  }

  @inline(__always)
  private static func graph(
    _ family: KernelFamily, _ run: @escaping KernelEntry.Run
  ) -> KernelEntry {
    KernelEntry(
      family: family, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), run: run)
  }
}
