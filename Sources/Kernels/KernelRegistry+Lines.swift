// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The line kernels of this module, one line each.
extension KernelRegistry {
  /// What a visitor of line kernels gets: the form of each, and its function.
  public typealias LineKernelVisitor = (_ form: LineForm, _ run: @escaping KernelEntry.Run) -> Void

  /// Depthwise on copies between zeros, nil where it is not compiled; arguments: `HaloArguments`.
  public static var halo: KernelEntry.Run? {
    #if KERNELS_BASELINE
      nil
    #else
      { HaloKernel.run($0, $1, $2, $3) }
    #endif
  }

  private typealias Whole = WholeLineTiles
  private typealias Chunked = ChunkedLineTiles

  /// Visits the line kernels; a visitor for the reason that `forEach` has one.
  ///
  /// Each line is a second or two of compile time, in three modules; baseline has only what keeps
  /// every problem computable.
  public static func forEachLineKernel(_ visit: LineKernelVisitor) {
    // Depthwise with any step along the line.
    offer(LineKernel<Whole<OwnChannel, 8, 3, 1, 0>, Whole<OwnChannel, 7, 3, 1, 0>>.self, visit)
    offer(LineKernel<Chunked<OwnChannel, 8, 4, 1, 0>, Chunked<OwnChannel, 7, 4, 1, 0>>.self, visit)
    // Without reuse along the line: any stride and dilation, narrow outputs.
    offer(LineKernel<Chunked<OwnChannel, 8, 1, 1, 0>, Chunked<OwnChannel, 4, 1, 1, 0>>.self, visit)
    offer(LineKernel<Chunked<OwnChannel, 2, 1, 1, 0>, Chunked<OwnChannel, 1, 1, 1, 0>>.self, visit)
    #if !KERNELS_BASELINE
      forEachDepthwiseKernel(visit)
    #endif
    #if KERNELS_AVX512
      forEachWideDepthwiseKernel(visit)
    #endif
    forEachPaddedLineKernel(visit)
    forEachGroupedLineKernel(visit)
  }

  #if !KERNELS_BASELINE
    /// Depthwise forms that are faster where they fit.
    private static func forEachDepthwiseKernel(_ visit: LineKernelVisitor) {
      offer(LineKernel<Whole<OwnChannel, 10, 3, 1, 1>, Whole<OwnChannel, 9, 3, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 3, 1, 1>, Whole<OwnChannel, 7, 3, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 4, 3, 1, 0>, Whole<OwnChannel, 3, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 6, 3, 1, 0>, Whole<OwnChannel, 5, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 10, 3, 1, 0>, Whole<OwnChannel, 9, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 3, 2, 1>, Whole<OwnChannel, 7, 3, 2, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 7, 3, 2, 0>, Whole<OwnChannel, 7, 3, 2, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 10, 5, 1, 1>, Whole<OwnChannel, 9, 5, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 5, 1, 1>, Whole<OwnChannel, 7, 5, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 7, 1, 1>, Whole<OwnChannel, 7, 7, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 12, 7, 1, 1>, Whole<OwnChannel, 11, 7, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 7, 1, 1>, Whole<OwnChannel, 7, 7, 1, 1>>.self, visit)
      offer(
        LineKernel<Chunked<OwnChannel, 8, 5, 1, 1>, Chunked<OwnChannel, 7, 5, 1, 1>>.self, visit)
      offer(
        LineKernel<Chunked<OwnChannel, 8, 6, 1, 1>, Chunked<OwnChannel, 7, 6, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 9, 1, 1>, Whole<OwnChannel, 7, 9, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 5, 2, 1>, Whole<OwnChannel, 7, 5, 2, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 7, 2, 1>, Whole<OwnChannel, 7, 7, 2, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 8, 9, 2, 1>, Whole<OwnChannel, 7, 9, 2, 1>>.self, visit)
      offer(
        LineKernel<Chunked<OwnChannel, 7, 5, 2, 0>, Chunked<OwnChannel, 7, 5, 2, 0>>.self, visit)
    }
  #endif

  #if KERNELS_AVX512
    /// Depthwise in tiles that only 32 registers hold: short lines, such as those of dilated rows, are one tile
    /// each.
    private static func forEachWideDepthwiseKernel(_ visit: LineKernelVisitor) {
      offer(LineKernel<Whole<OwnChannel, 7, 3, 1, 0>, Whole<OwnChannel, 6, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 12, 3, 1, 0>, Whole<OwnChannel, 11, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 3, 1, 0>, Whole<OwnChannel, 13, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 17, 3, 1, 0>, Whole<OwnChannel, 16, 3, 1, 0>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 12, 3, 1, 1>, Whole<OwnChannel, 11, 3, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 3, 1, 1>, Whole<OwnChannel, 13, 3, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 17, 3, 1, 1>, Whole<OwnChannel, 16, 3, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 12, 5, 1, 1>, Whole<OwnChannel, 11, 5, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 5, 1, 1>, Whole<OwnChannel, 13, 5, 1, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 3, 2, 1>, Whole<OwnChannel, 13, 3, 2, 1>>.self, visit)
      offer(LineKernel<Whole<OwnChannel, 14, 5, 2, 1>, Whole<OwnChannel, 13, 5, 2, 1>>.self, visit)
    }
  #endif

  /// Depthwise on plain tensors, lines down the image.
  private static func forEachPaddedLineKernel(_ visit: LineKernelVisitor) {
    offer(
      PaddedLineKernel<Whole<PixelLanes, 8, 3, 1, 0>, Whole<PixelLanes, 7, 3, 1, 0>>.self, visit)
    offer(
      PaddedLineKernel<Chunked<PixelLanes, 8, 1, 1, 0>, Chunked<PixelLanes, 4, 1, 1, 0>>.self,
      visit)
    offer(
      PaddedLineKernel<Chunked<PixelLanes, 2, 1, 1, 0>, Chunked<PixelLanes, 1, 1, 1, 0>>.self,
      visit)
    #if !KERNELS_BASELINE
      offer(
        PaddedLineKernel<Whole<PixelLanes, 10, 3, 1, 0>, Whole<PixelLanes, 9, 3, 1, 0>>.self, visit)
      offer(
        PaddedLineKernel<Whole<PixelLanes, 8, 3, 2, 0>, Whole<PixelLanes, 7, 3, 2, 0>>.self, visit)
      offer(
        PaddedLineKernel<Whole<PixelLanes, 8, 7, 1, 0>, Whole<PixelLanes, 7, 7, 1, 0>>.self, visit)
      offer(
        PaddedLineKernel<Chunked<PixelLanes, 8, 4, 1, 0>, Chunked<PixelLanes, 7, 4, 1, 0>>.self,
        visit)
    #endif
  }

  /// Groups: as many channels as lanes and more, then several groups in one vector.
  private static func forEachGroupedLineKernel(_ visit: LineKernelVisitor) {
    offer(
      LineKernel<Chunked<SharedChannel, 8, 3, 1, 0>, Chunked<SharedChannel, 7, 3, 1, 0>>.self, visit
    )
    offer(
      LineKernel<Chunked<SharedChannel, 4, 1, 1, 0>, Chunked<SharedChannel, 1, 1, 1, 0>>.self, visit
    )
    offerGroups(PermutedChannels<2, 2>.self, visit)
    offerGroups(PermutedChannels<1, 2>.self, visit)
    #if !KERNELS_BASELINE
      offer(
        LineKernel<Chunked<SharedChannel, 10, 3, 1, 1>, Chunked<SharedChannel, 9, 3, 1, 1>>.self,
        visit)
      offer(
        LineKernel<Chunked<SharedChannel, 11, 1, 1, 0>, Chunked<SharedChannel, 7, 1, 1, 0>>.self,
        visit)
      offerLongGroups(PermutedChannels<2, 2>.self, visit)
    #endif
    #if KERNELS_AVX2 || KERNELS_AVX512
      offerLongGroups(PermutedChannels<4, 4>.self, visit)
      offerGroups(PermutedChannels<4, 4>.self, visit)
      offerGroups(PermutedChannels<2, 4>.self, visit)
      offerGroups(PermutedChannels<1, 4>.self, visit)
    #endif
    #if KERNELS_AVX512
      offerLongGroups(PermutedChannels<8, 8>.self, visit)
      offerGroups(PermutedChannels<8, 8>.self, visit)
      offerGroups(PermutedChannels<4, 8>.self, visit)
    #endif
  }

  /// Several groups in one vector, on channel-blocked tensors.
  @inline(__always)
  private static func offerLongGroups<Source: LaneSource>(
    _ source: Source.Type, _ visit: LineKernelVisitor
  ) {
    offer(LineKernel<Whole<Source, 10, 3, 1, 1>, Whole<Source, 9, 3, 1, 1>>.self, visit)
  }

  /// Several groups in one vector, whatever the step along the line.
  @inline(__always)
  private static func offerGroups<Source: LaneSource>(
    _ source: Source.Type, _ visit: LineKernelVisitor
  ) {
    offer(LineKernel<Whole<Source, 8, 3, 1, 0>, Whole<Source, 7, 3, 1, 0>>.self, visit)
    offer(LineKernel<Chunked<Source, 4, 1, 1, 0>, Chunked<Source, 1, 1, 1, 0>>.self, visit)
  }

  @inline(__always)
  private static func offer<Kernel: OfferedLineKernel>(
    _ kernel: Kernel.Type, _ visit: LineKernelVisitor
  ) {
    visit(Kernel.form) { Kernel.run($0, $1, $2, $3) }
  }
}
