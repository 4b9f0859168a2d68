// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The libraries that this build can measure in process.
public enum PeerCatalog {
  /// Every library variant, in a stable order.
  public static let variants: [any ConvolutionVariant] = {
    var variants: [any ConvolutionVariant] = [Im2colOpenBLAS()]
    #if OneDNN
      variants += OneDNNVariant.all
    #endif
    #if XNNPACK
      variants.append(XNNPACKVariant())
    #endif
    return variants
  }()
}
