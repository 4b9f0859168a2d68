// SPDX-License-Identifier: Apache-2.0

/// A way to change a convolution, or two that follow each other.
public enum IdeaKind: String, CaseIterable, Hashable, Sendable {
  /// Channels in groups.
  case groups
  /// Two convolutions in groups, with a channel shuffle between them.
  case shuffledGroups = "groups with shuffle"
  /// A depthwise convolution and a 1×1.
  case separable
  /// Two 1×1 around a narrow convolution.
  case bottleneck
  /// Several 3×3 in place of one large.
  case stack = "stack of 3×3"
  /// 1×k and k×1.
  case factorised = "1×k and k×1"
  /// A dilated 3×3 in place of a large one.
  case dilated
  /// One dense convolution in place of groups, or of a depthwise and a 1×1.
  case dense
  /// The stride in the convolution before.
  case strideEarlier = "stride earlier"
  /// Output channels rounded up to whole vectors.
  case rounded = "channels rounded"
  /// Squeeze-excitation behind it.
  case squeezeExcitation = "squeeze-excitation"
  /// A skip connection around it.
  case skip
  /// Taps that move.
  case deformable

  /// Whether it is asked for what it costs, and not for what it saves.
  public var isAddition: Bool {
    switch self {
    case .squeezeExcitation, .skip, .deformable, .rounded: true
    default: false
    }
  }

  /// What a paper reported of accuracy where it made the change; nil where none is quoted.
  public var accuracy: String? {
    switch self {
    case .separable:
      "MobileNet with depthwise separable layers 70.6 % of ImageNet's images right, with full ones "
        + "71.7 % (Howard et al. 2017, table 4)"
    case .groups:
      "ResNet-50 at equal MACs: 23.9 % errors on ImageNet with one group, 22.2 % with 32 of a "
        + "wider layer (Xie et al. 2017, table 3); narrower ones are not reported there"
    case .stack:
      "a shallow net with one 5×5 for each pair of 3×3 had 7 % more errors on ImageNet "
        + "(Simonyan and Zisserman 2015, section 4.1)"
    case .squeezeExcitation:
      "ResNet-50 24.80 % errors on ImageNet, SE-ResNet-50 23.29 % (Hu et al. 2018, table 2)"
    case .skip:
      "ResNet-50 23.9 % errors on ImageNet, 31.2 % without its shortcuts (Xie et al. 2017, "
        + "section 5.1)"
    case .dense:
      "EfficientNet-B4 82.8 % of ImageNet's images right, 83.1 % with its stages 1 to 3 fused, 81.7 % "
        + "with all (Tan and Le 2021, table 3)"
    default: nil
    }
  }
}
