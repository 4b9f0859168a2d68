// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The libraries that this build can measure in process.
public enum PeerCatalog {
  /// Every library variant, in a stable order.
  public static let variants: [any ConvolutionVariant] = [Im2colOpenBLAS()]
}
