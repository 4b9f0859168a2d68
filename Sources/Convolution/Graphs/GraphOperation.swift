// SPDX-License-Identifier: Apache-2.0

/// What a node of an operation graph computes.
public enum GraphOperation: Codable, Hashable, Sendable {
  /// A convolution; a bias may hold a folded batch normalisation, too.
  case convolution(ConvolutionProblem, hasBias: Bool)
  /// A convolution of the first tensor whose taps are moved by the second and, with modulation,
  /// weighted by the third.
  case deformable(DeformableOperation)
  /// Pooling of one tensor.
  case pooling(Pooling)
  /// Negative elements become zero.
  case relu
  /// `1 / (1 + e⁻ˣ)` of each element.
  case sigmoid
  /// The sum of two tensors of one shape.
  case add
  /// The first tensor with each channel multiplied by that of the second, which has one pixel.
  case scale
  /// Tensors one after the other along the channels.
  case concatenation
  /// Channels in `g` groups of `n` become `n` groups of `g`: channel `k·n + c` moves to `c·g + k`.
  /// - Source: Zhang et al. 2018 (ShuffleNet), section 3.1.
  case shuffle(groups: Int)
  /// A function of each element.
  case point(PointFunction)
  /// Two tensors, element by element; where an axis of one has size 1, it counts for all.
  case combination(Combination)
  /// A tensor of values that do not depend on the input; it reads nothing.
  case constant(ActivationShape)
  /// Images, channels, rows and columns picked from one tensor: parts, padding, nearest neighbours.
  case selection(Selection)
  /// Elements in another order, as a transposition and a change of shape leave them.
  case rearrangement(Rearrangement)
  /// An image of another size, between neighbouring pixels.
  case resize(LinearResize)
  /// `eˣ` of each element over the sum of those of its pixel.
  case softmax
  /// Each pixel less its mean over channels, over the root of its variance and `epsilon`.
  case normalization(epsilon: Float)

  /// The word by which descriptors and phases name it.
  public var name: String {
    switch self {
    case .convolution: "conv"
    case .deformable: "deform"
    case .pooling(let pooling):
      pooling.isGlobal && pooling.kind == .mean ? "global" : pooling.kind.rawValue
    case .relu: "relu"
    case .sigmoid: "sigmoid"
    case .add: "add"
    case .scale: "scale"
    case .concatenation: "concat"
    case .shuffle: "shuffle"
    case .point(let function): function.name
    case .combination(let combination): combination.rawValue
    case .constant: "constant"
    case .selection: "select"
    case .rearrangement: "rearrange"
    case .resize: "resize"
    case .softmax: "softmax"
    case .normalization: "norm"
    }
  }

  /// Whether it only moves elements, so that its result is exact.
  public var isMove: Bool {
    switch self {
    case .concatenation, .shuffle, .selection, .rearrangement: true
    default: false
    }
  }
}

extension GraphOperation {
  /// Where output channel `channel` of a shuffle comes from.
  public static func shuffledSource(_ channel: Int, groups: Int, channels: Int) -> Int {
    let perGroup = channels / groups
    return channel % groups * perGroup + channel / groups
  }
}

/// A tensor of an operation graph: its input, or what a node computes.
public enum GraphTensor: Hashable, Sendable {
  /// The graph's input.
  case input
  /// The output of the node at this place.
  case node(Int)
}

/// How a graph is run.
public enum GraphForm: String, CaseIterable, Codable, Hashable, Sendable {
  /// Node after node, each result written before the next begins, as a framework runs it.
  case unfused
  /// With nodes joined wherever the kernels allow it.
  case fused
}
