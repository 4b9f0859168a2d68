// SPDX-License-Identifier: Apache-2.0

/// A problem with the name and multiplicity that its descriptor gave it.
public struct NamedProblem: Codable, Hashable, Sendable {
  /// The convolution.
  public var problem: ConvolutionProblem
  /// The name in quotes at the end of the descriptor, such as `resnet50:conv2`.
  public var name: String?
  /// How often a network has this layer; 1 where the descriptor does not say.
  public var multiplicity: Int

  /// A problem with a name and a multiplicity.
  public init(_ problem: ConvolutionProblem, name: String? = nil, multiplicity: Int = 1) {
    self.problem = problem
    self.name = name
    self.multiplicity = multiplicity
  }
}
