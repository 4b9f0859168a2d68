// SPDX-License-Identifier: Apache-2.0

internal import Advising
internal import Children
internal import Convolution
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Predicting
internal import Reporting
internal import Suites

/// Measures a network's layers, predicts what its ideas would take, and measures those that matter.
struct NetworkSurvey {
  let suite: Suite
  let timer: ProblemTimer
  /// Whether what was measured before counts.
  let resumes: Bool
  let isSilent: Bool

  var workers: Int { timer.workers[0] }

  /// The network's advice, made in so many seconds.
  /// - Throws: `FileError` where what is measured cannot be kept.
  func advice(seconds: Double, until interruption: Interruption) throws -> Advice {
    let end = ContinuousClock.now + .seconds(seconds)
    let progress = ProgressLine(isSilent: isSilent)
    let layers = try measuredLayers(progress, end: end, until: interruption)
    let predictor = try? Predictor(
      timer.selection, KnownTimes(machine: timer.machine, build: timer.build))
    if predictor == nil {
      Console.error(
        "note: nothing is predicted: fewer than \(TimeModel.fewest) times were measured here; "
          + "`convscope learn` measures them")
    }
    var ideas = IdeaMaker(lanes: InstructionSet.available.max()?.lanes ?? 1).ideas(for: suite)
      .map { advised($0, layers, predictor) }
    try measure(&ideas, layers, progress, end: end, until: interruption)
    progress.clear()
    return Advice(network: suite.name, layers: layers, ideas: ideas)
  }

  /// Every layer with its time: measured or, where the time is spent, not known.
  private func measuredLayers(
    _ progress: ProgressLine, end: ContinuousClock.Instant, until interruption: Interruption
  ) throws -> [Advice.Layer] {
    let layers = IdeaMaker.layers(of: suite)
    var known: [ConvolutionOperation: AdvisedTime] = [:]
    if resumes {
      for time in TimeFile.stored(machine: timer.machine).times(build: timer.build, fewest: 0).times
      where time.workers == workers && known[time.operation] == nil {
        known[time.operation] = Self.time(time.nanoseconds)
      }
    }
    for (place, layer) in layers.enumerated() where !interruption.isRequested {
      let operation = layer.operations[0]
      guard known[operation] == nil, ContinuousClock.now < end else { continue }
      progress.show(
        "layer \(place + 1) of \(layers.count): \(layer.name)", left: end - ContinuousClock.now)
      let found = try timer.measure(operation, until: interruption)
      guard let time = found.first else { continue }
      known[operation] = Self.time(time.nanoseconds)
      try TimeFile.update(TimeFile.url(machine: timer.machine), machine: timer.machine) {
        $0.record(time)
      }
    }
    return layers.map { Advice.Layer($0, time: known[$0.operations[0]]) }
  }

  private static func time(_ nanoseconds: Double) -> AdvisedTime {
    AdvisedTime(
      nanoseconds: nanoseconds, lower: nanoseconds, upper: nanoseconds, isMeasured: true)
  }

  /// An idea with the sum of its layers and what is predicted for its replacement.
  private func advised(
    _ idea: Idea, _ layers: [Advice.Layer], _ predictor: Predictor?
  ) -> AdvisedIdea {
    let times = idea.layers.compactMap { layer in
      layers.first { $0.suiteCase.name == layer.name }?.time?.nanoseconds
    }
    let before =
      times.count == idea.layers.count ? Self.time(times.reduce(0, +)) : nil
    guard let row = predictor?.row(idea.replacement, of: suite.name, workers: workers),
      let time = row.time
    else { return AdvisedIdea(idea, before: before, after: nil) }
    let after = AdvisedTime(
      nanoseconds: time.nanoseconds, lower: time.lower, upper: time.upper, isMeasured: false)
    return AdvisedIdea(idea, before: before, after: after, note: row.reason)
  }

  /// Measures ideas beside what they replace, what may save most first.
  private func measure(
    _ ideas: inout [AdvisedIdea], _ layers: [Advice.Layer], _ progress: ProgressLine,
    end: ContinuousClock.Instant, until interruption: Interruption
  ) throws {
    let stored = resumes ? AdviceFile.stored(machine: timer.machine).pairs : [:]
    let order = Self.order(ideas)
    for (place, number) in order.enumerated() where !interruption.isRequested {
      let idea = ideas[number].idea
      let key = key(idea)
      if let pair = stored[key] {
        ideas[number].take(pair)
        continue
      }
      let left = end - ContinuousClock.now
      guard left > .zero else { continue }
      progress.show("idea \(place + 1) of \(order.count): \(idea.replacement.name)", left: left)
      guard let pair = timer.compare(idea.original, idea.replacement, until: interruption)
      else { continue }
      ideas[number].take(pair)
      try AdviceFile.update(AdviceFile.url(machine: timer.machine), machine: timer.machine) {
        $0.record(pair, key: key)
      }
    }
  }

  private func key(_ idea: Idea) -> String {
    let epilogue = idea.original.operations[0].epilogue
    let kind = (epilogue.hasBias ? "bias" : "") + (epilogue.hasReLU ? "relu" : "")
    return "\(idea.original.descriptor) \(kind) | \(idea.replacement.descriptor) | "
      + "workers=\(workers) \(timer.selection.accuracy.rawValue) \(timer.build)"
  }

  /// Ideas that may save something by what they may save at most; then additions, those of layers
  /// that take most time first; then the rest.
  private static func order(_ ideas: [AdvisedIdea]) -> [Int] {
    let rank = { (idea: AdvisedIdea) -> (Int, Double) in
      let time = (idea.before?.nanoseconds ?? 0) * Double(idea.idea.times)
      if idea.idea.kind.isAddition { return (1, time) }
      // Where nothing is predicted, the arithmetic is all that there is.
      let most = idea.saving?.upper ?? time * (1 - 1 / idea.idea.promised)
      return (most > 0 ? 0 : 2, most)
    }
    let ranks = ideas.map(rank)
    return ideas.indices.sorted {
      (ranks[$0].0, -ranks[$0].1, $0) < (ranks[$1].0, -ranks[$1].1, $1)
    }
  }
}

extension AdvisedIdea {
  fileprivate mutating func take(_ pair: MeasuredPair) {
    take(
      nanoseconds: pair.nanoseconds, speedup: pair.speedup,
      in: pair.lower...max(pair.lower, pair.upper))
  }
}
