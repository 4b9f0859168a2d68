// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// The libraries that this build can measure in process.
public enum PeerCatalog {
  /// Every library variant, in a stable order.
  public static let variants: [any ConvolutionVariant] = {
    var variants: [any ConvolutionVariant] = [Im2colOpenBLAS()]
    #if OneDNN && !ONEDNN_LEFT_OUT
      variants += OneDNNVariant.all
    #endif
    #if XNNPACK
      variants.append(XNNPACKVariant())
    #endif
    return variants
  }()

  /// The libraries with their versions, and for OpenBLAS the core that it tuned itself to.
  public static var libraries: [String: String] {
    var libraries = ["OpenBLAS": OpenBLASLibrary.shared.description]
    #if OneDNN && !ONEDNN_LEFT_OUT
      libraries["oneDNN"] = OneDNNEngine.version
    #endif
    #if XNNPACK
      // XNNPACK has no version that a program could ask for.
      libraries["XNNPACK"] = "present"
    #endif
    return libraries
  }
}
