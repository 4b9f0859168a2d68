// SPDX-License-Identifier: Apache-2.0

public import Suites

/// A time with its interval, in nanoseconds.
public struct AdvisedTime: Hashable, Sendable {
  /// The time.
  public var nanoseconds: Double
  /// Lower bound.
  public var lower: Double
  /// Upper bound.
  public var upper: Double
  /// Whether it was measured, and not predicted.
  public var isMeasured: Bool

  /// A time; see the properties.
  public init(nanoseconds: Double, lower: Double, upper: Double, isMeasured: Bool) {
    self.nanoseconds = nanoseconds
    self.lower = lower
    self.upper = upper
    self.isMeasured = isMeasured
  }
}

/// An idea with what it saves.
public struct AdvisedIdea: Hashable, Sendable {
  /// The change.
  public var idea: Idea
  /// Time of the layers as they are; nil where it is not known.
  public var before: AdvisedTime?
  /// Time of what stands in their place; nil where it is not known.
  public var after: AdvisedTime?
  /// What the reader should know of the times.
  public var note: String

  /// An idea whose times are predicted, or not known.
  public init(_ idea: Idea, before: AdvisedTime?, after: AdvisedTime?, note: String = "") {
    self.idea = idea
    self.before = before
    self.after = after
    self.note = note
  }

  /// Takes what was measured of it: the time before, and how many times as fast it is after.
  public mutating func take(nanoseconds: Double, speedup: Double, in bounds: ClosedRange<Double>) {
    before = AdvisedTime(
      nanoseconds: nanoseconds, lower: nanoseconds, upper: nanoseconds, isMeasured: true)
    after = AdvisedTime(
      nanoseconds: nanoseconds / speedup, lower: nanoseconds / bounds.upperBound,
      upper: nanoseconds / bounds.lowerBound, isMeasured: true)
    note = ""
  }

  /// Whether both times were measured, in the same slices of time.
  public var isMeasured: Bool { after?.isMeasured ?? false }

  /// What the whole network saves, in nanoseconds: negative where it costs.
  public var saving: AdvisedTime? {
    guard let before, let after else { return nil }
    let times = Double(idea.times)
    return AdvisedTime(
      nanoseconds: times * (before.nanoseconds - after.nanoseconds),
      lower: times * (before.nanoseconds - after.upper),
      upper: times * (before.nanoseconds - after.lower), isMeasured: isMeasured)
  }

  /// Time before over time after.
  public var speedup: (value: Double, interval: ClosedRange<Double>)? {
    guard let before, let after, after.lower > 0 else { return nil }
    let bounds = [before.nanoseconds / after.upper, before.nanoseconds / after.lower]
    return (before.nanoseconds / after.nanoseconds, bounds[0]...max(bounds[0], bounds[1]))
  }
}

/// A network with the changes that apply to it.
public struct Advice: Sendable {
  /// A layer and its time, once.
  public struct Layer: Sendable {
    /// The layer.
    public var suiteCase: SuiteCase
    /// Its time; nil where it is not known.
    public var time: AdvisedTime?

    /// A layer.
    public init(_ suiteCase: SuiteCase, time: AdvisedTime?) {
      self.suiteCase = suiteCase
      self.time = time
    }
  }

  /// The network's name.
  public let network: String
  /// Its layers, in order.
  public let layers: [Layer]
  /// The ideas: what saves most first, what is not known last.
  public let ideas: [AdvisedIdea]

  /// The advice for a network.
  public init(network: String, layers: [Layer], ideas: [AdvisedIdea]) {
    self.network = network
    self.layers = layers
    let key = { (idea: AdvisedIdea) in idea.saving?.nanoseconds ?? -.infinity }
    self.ideas = ideas.enumerated()
      .sorted { (-key($0.element), $0.offset) < (-key($1.element), $1.offset) }.map(\.element)
  }

  /// The time of all layers, each as often as the network has it.
  public var total: Double {
    layers.reduce(0) { $0 + ($1.time?.nanoseconds ?? 0) * Double($1.suiteCase.multiplicity) }
  }

  /// Changes that can be made together and save most: of those that keep the shape and were measured to
  /// save time, none that share a layer.
  public var chosen: [AdvisedIdea] {
    let names = layers.map(\.suiteCase.name)
    // The best choice for the first layers, found layer by layer; an idea has one or two of them.
    var best: [(saving: Double, ideas: [Int])] = [(0, [])]
    for last in names.indices {
      var found = best[last]
      for (place, advised) in ideas.enumerated() where Self.isUsable(advised) {
        let own = advised.idea.layers.map(\.name)
        guard own.last == names[last], last + 1 >= own.count,
          Array(names[(last + 1 - own.count)...last]) == own
        else { continue }
        let before = best[last + 1 - own.count]
        let saving = before.saving + (advised.saving?.nanoseconds ?? 0)
        if saving > found.saving { found = (saving, before.ideas + [place]) }
      }
      best.append(found)
    }
    return (best.last?.ideas ?? []).sorted().map { ideas[$0] }
  }

  private static func isUsable(_ advised: AdvisedIdea) -> Bool {
    advised.isMeasured && advised.idea.keepsShape && !advised.idea.kind.isAddition
      && (advised.saving?.lower ?? 0) > 0
  }

  /// The time of the network with every chosen change, its bounds those of the changes added up.
  public var changed: AdvisedTime {
    let savings = chosen.compactMap(\.saving)
    let sum = { (value: (AdvisedTime) -> Double) in savings.reduce(0) { $0 + value($1) } }
    return AdvisedTime(
      nanoseconds: total - sum(\.nanoseconds), lower: total - sum(\.upper),
      upper: total - sum(\.lower), isMeasured: true)
  }

  /// The changed network as a suite: its layers, and each change against what it replaces.
  public var suite: Suite {
    let chosen = chosen
    let replaced = Set(chosen.flatMap { $0.idea.layers.map(\.name) })
    let unchanged = layers.map(\.suiteCase).filter { !replaced.contains($0.name) }
    return Suite(
      name: "\(network)-changed", title: "\(network), changed",
      question: "Is each change as fast as it was measured to be?",
      source: "advise \(network)",
      cases: unchanged + chosen.flatMap { [$0.idea.original, $0.idea.replacement] },
      comparisons: chosen.map { idea in
        SuiteComparison(
          name: idea.idea.replacement.name, baselineCase: idea.idea.original.name,
          contenderCase: idea.idea.replacement.name)
      })
  }
}
