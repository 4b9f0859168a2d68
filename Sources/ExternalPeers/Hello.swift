// SPDX-License-Identifier: Apache-2.0

/// What a contender says about itself.
public struct Hello: Hashable, Sendable {
  /// The library or kernel, such as `onnxruntime`.
  public var name: String
  /// Its version.
  public var version: String
  /// The activation layouts that stand between start and stop of its clock, as `nchw`.
  public var layouts: [String]
  /// How it computes on several workers, and whether they are pinned, in a sentence.
  public var threads: String
  /// What is inside and what is outside its clock, in a sentence or two.
  public var clock: String
  /// How closely it follows the textbook sum, where `prepare` does not say otherwise.
  public var accuracy: ContenderAccuracy
  /// Whether it computes convolutions that follow each other as one problem.
  public var hasChains: Bool
  /// The types of tensors that it computes, as `dt` names them.
  public var types: [String]
  /// Whether it computes whole networks.
  public var hasModels: Bool
  /// The form of the entries of a plan that it takes; nil where it takes none.
  public var plans: Int?

  /// A contender's description.
  public init(
    name: String, version: String, layouts: [String], threads: String, clock: String,
    accuracy: ContenderAccuracy = .exact, hasChains: Bool = false, hasModels: Bool = false,
    types: [String] = ["f32"], plans: Int? = nil
  ) {
    self.name = name
    self.version = version
    self.layouts = layouts
    self.threads = threads
    self.clock = clock
    self.accuracy = accuracy
    self.hasChains = hasChains
    self.hasModels = hasModels
    self.types = types
    self.plans = plans
  }
}
