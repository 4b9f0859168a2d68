// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import Suites

extension Plan {
  /// Plans `suites`: which entries there are, and which of them share a slice of time.
  ///
  /// Entries are interleaved with each other exactly if they are compared, directly or through a
  /// baseline they share; cases without a comparison are interleaved over their variants. Entries that
  /// differ in the number of workers share the rounds, too: what more workers bring is then a ratio
  /// inside a round.
  /// - Throws: `PlanningError`.
  public init(
    suites: [Suite], selection: KernelSelection, options: PlanOptions
  ) throws(PlanningError) {
    var groups: [PlanGroup] = []
    for suite in suites {
      groups += try SuitePlanner(suite, selection: selection, options: options).groups()
    }
    if groups.isEmpty, let only = options.only { throw .noCaseMatches(pattern: only.pattern) }
    self.init(groups: groups)
  }
}

/// Plans one suite.
private struct SuitePlanner {
  let suite: Suite
  let selection: KernelSelection
  let kernels: [String]
  let runtimes: [Runtime]
  let contenderKernels: KernelComparison?
  /// Patterns that somebody typed, of which each must match something.
  let asked: [String]
  let workers: [Int]
  let caches: [CacheState]
  let cases: [SuiteCase]
  let comparisons: [SuiteComparison]

  init(_ suite: Suite, selection: KernelSelection, options: PlanOptions) {
    (self.suite, self.selection) = (suite, selection)
    (asked, runtimes) = (options.kernels, options.runtimes)
    let asked = options.kernels.isEmpty ? suite.kernels : options.kernels
    kernels = asked + options.addedKernels.filter { !asked.contains($0) }
    contenderKernels = suite.contenderKernels.map { kernels in
      let asked = options.kernels.isEmpty ? kernels.contender : options.kernels
      let added = options.addedKernels.filter { !asked.contains($0) }
      return KernelComparison(baseline: kernels.baseline, contender: asked + added)
    }
    let usual = suite.workers.isEmpty ? options.usualWorkers : suite.workers
    workers = options.workers.isEmpty ? usual : options.workers
    caches = options.caches.isEmpty ? suite.caches : options.caches
    // A comparison is wanted where its contender is; its baseline then comes along.
    let wanted = { (name: String) in options.only.map { $0.matches(name) } ?? true }
    comparisons = suite.comparisons.filter { wanted($0.contenderCase) }
    let needed = Set(comparisons.map(\.baselineCase))
    cases = suite.cases.filter { suiteCase in
      [suiteCase.name, suiteCase.partOf].compactMap { $0 }.contains {
        wanted($0) || needed.contains($0)
      }
    }
  }

  func groups() throws(PlanningError) -> [PlanGroup] {
    var groups: [PlanGroup] = []
    for cache in caches {
      for component in components() {
        var found: [PlanGroup] = []
        for workers in workers {
          for (place, group) in try plan(component, workers: workers, cache: cache).enumerated() {
            if found.indices.contains(place) {
              found[place].interleave(group)
            } else {
              found.append(group)
            }
          }
        }
        groups += found
      }
    }
    return groups
  }

  /// The cases, split into sets that comparisons or blocks connect, in the order of the suite.
  private func components() -> [[SuiteCase]] {
    let numbers = Dictionary(
      cases.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { _, last in last })
    // Layers belong to the slice of time of their block.
    let links =
      comparisons.map { ($0.baselineCase, $0.contenderCase) }
      + cases.compactMap { part in part.partOf.map { ($0, part.name) } }
    var components = Components(count: cases.count)
    for (first, second) in links {
      if let left = numbers[first], let right = numbers[second] { components.join(left, right) }
    }
    var members: [Int: [SuiteCase]] = [:]
    for (number, suiteCase) in cases.enumerated() {
      members[components.first(of: number), default: []].append(suiteCase)
    }
    return members.sorted { $0.key < $1.key }.map(\.value)
  }

  private func plan(
    _ cases: [SuiteCase], workers: Int, cache: CacheState
  ) throws(PlanningError) -> [PlanGroup] {
    if let kernels = contenderKernels {
      return [try compareKernels(kernels, on: cases, workers: workers, cache: cache)]
    }
    guard cases.count > 1 else {
      return [try compareVariants(on: cases, workers: workers, cache: cache)]
    }
    return try compareCases(cases, workers: workers, cache: cache)
  }

  private func entry(
    _ suiteCase: SuiteCase, _ choice: (contender: Contender, selection: String?), _ workers: Int,
    _ cache: CacheState
  ) -> PlanEntry {
    PlanEntry(
      suiteCase: suiteCase, contender: choice.contender, selection: choice.selection,
      workers: workers, cache: cache)
  }

  /// An entry of `runtime` for each case.
  private func entries(
    of runtime: Runtime, for cases: [SuiteCase], workers: Int, cache: CacheState
  ) throws(PlanningError) -> [PlanEntry] {
    // Whatever a runtime joins of a network is one way to run it.
    try cases.filter { $0.model == nil || $0.form == .fused }.map {
      (suiteCase) throws(PlanningError) in
      entry(
        suiteCase, try selection.contender(of: runtime, for: suiteCase, workers: workers), workers,
        cache)
    }
  }

  private func group(_ entries: [PlanEntry], _ pairs: [PlanPair]) -> PlanGroup {
    PlanGroup(suite: suite.name, axisNames: suite.axisNames, entries: entries, pairs: pairs)
  }

  /// Comparisons between operations: each variant, or the best, in a group of its own.
  private func compareCases(
    _ cases: [SuiteCase], workers: Int, cache: CacheState
  ) throws(PlanningError) -> [PlanGroup] {
    var rivals = Rivals()
    for pattern in kernels {
      for suiteCase in cases {
        let choices = try selection.contenders(matching: pattern, for: suiteCase, workers: workers)
        for choice in choices {
          let isBest = pattern == KernelSelection.bestPattern
          let key = isBest ? pattern : choice.contender.kernel
          // Two patterns may match the same variant.
          guard !rivals.has(suiteCase.name, of: key) else { continue }
          rivals.append(entry(suiteCase, choice, workers, cache), to: key)
        }
      }
    }
    for runtime in runtimes {
      for entry in try entries(of: runtime, for: cases, workers: workers, cache: cache) {
        // Who names a runtime as a kernel, too, gets one row.
        guard !rivals.has(entry.suiteCase.name, of: entry.contender.kernel) else { continue }
        rivals.append(entry, to: "runtime \(runtime.name)")
      }
    }
    let joined = PlanGroup.joined(rivals.lists.map { group($0, pairs(of: $0)) })
    return cases.contains { $0.model != nil } ? Self.besideOurs(joined) : joined
  }

  /// What is compared among entries of one rival.
  private func pairs(of entries: [PlanEntry]) -> [PlanPair] {
    let places = Dictionary(
      entries.enumerated().map { ($1.suiteCase.name, $0) }, uniquingKeysWith: { first, _ in first })
    return comparisons.compactMap { comparison in
      guard let baseline = places[comparison.baselineCase],
        let contender = places[comparison.contenderCase]
      else { return nil }
      return PlanPair(
        comparison: comparison.name, baseline: baseline, contender: contender,
        axes: comparison.axes)
    }
  }

  /// Entries by what computes them, in the order in which that was named.
  private struct Rivals {
    private var keys: [String] = []
    private var entries: [String: [PlanEntry]] = [:]

    var lists: [[PlanEntry]] { keys.map { entries[$0] ?? [] } }

    func has(_ name: String, of key: String) -> Bool {
      entries[key]?.contains { $0.suiteCase.name == name } == true
    }

    mutating func append(_ entry: PlanEntry, to key: String) {
      if entries[key] == nil { keys.append(key) }
      entries[key, default: []].append(entry)
    }
  }

  /// The forms of a network and the runtimes that run it, in the same rounds: each runtime's gain is
  /// that of our fused form over it.
  private static func besideOurs(_ groups: [PlanGroup]) -> [PlanGroup] {
    guard var whole = groups.first else { return groups }
    for group in groups.dropFirst() { whole.interleave(group) }
    guard
      let ours = whole.entries.firstIndex(where: {
        $0.suiteCase.form == .fused && $0.contender.isGraph
      })
    else { return [whole] }
    for (place, entry) in whole.entries.enumerated() {
      guard case .external(let name) = entry.contender else { continue }
      whole.pairs.append(
        PlanPair(comparison: "against \(name)", baseline: place, contender: ours, axes: [:]))
    }
    return [whole]
  }

  /// A case without comparisons: its variants share the slice, the first is everyone's baseline.
  private func compareVariants(
    on cases: [SuiteCase], workers: Int, cache: CacheState
  ) throws(PlanningError) -> PlanGroup {
    var entries: [PlanEntry] = []
    for suiteCase in cases {
      for pattern in kernels {
        for choice in try selection.contenders(
          matching: pattern, for: suiteCase, workers: workers)
        where !entries.contains(where: { $0.contender.kernel == choice.contender.kernel }) {
          entries.append(entry(suiteCase, choice, workers, cache))
        }
      }
      for runtime in runtimes {
        entries += try self.entries(of: runtime, for: [suiteCase], workers: workers, cache: cache)
          .filter { new in !entries.contains { $0.contender.kernel == new.contender.kernel } }
      }
    }
    let pairs = entries.indices.dropFirst().map {
      PlanPair(
        comparison: "kernels", baseline: 0, contender: $0, axes: entries[$0].suiteCase.axes)
    }
    return group(entries, pairs)
  }

  /// A suite that compares variants on the same case: every baseline with every contender.
  private func compareKernels(
    _ kernels: KernelComparison, on cases: [SuiteCase], workers: Int, cache: CacheState
  ) throws(PlanningError) -> PlanGroup {
    var entries: [PlanEntry] = []
    var pairs: [PlanPair] = []
    for suiteCase in cases {
      let contenders = try resolve(kernels.contender, suiteCase, workers)
      // Who asks for a variant of the other side does not want it compared with itself.
      let rivals =
        runtimes.isEmpty
        ? try resolve(kernels.baseline, suiteCase, workers)
        : try runtimes.map { (runtime) throws(PlanningError) in
          try selection.contender(of: runtime, for: suiteCase, workers: workers)
        }
      let baselines = rivals.filter { baseline in
        asked.isEmpty || !contenders.contains { $0.contender.kernel == baseline.contender.kernel }
      }
      let first = entries.count
      entries += (baselines + contenders).map { entry(suiteCase, $0, workers, cache) }
      let second = first + baselines.count
      pairs += (first..<second).flatMap { baseline in
        (second..<entries.count).map {
          PlanPair(
            comparison: suiteCase.name, baseline: baseline, contender: $0, axes: suiteCase.axes)
        }
      }
    }
    return group(entries, pairs)
  }

  private func resolve(
    _ patterns: [String], _ suiteCase: SuiteCase, _ workers: Int
  ) throws(PlanningError) -> [(contender: Contender, selection: String?)] {
    var found: [(contender: Contender, selection: String?)] = []
    for pattern in patterns {
      // A library that this build lacks is no error in a suite that asks for all there are.
      let matches: [(contender: Contender, selection: String?)]
      do {
        matches = try selection.contenders(matching: pattern, for: suiteCase, workers: workers)
      } catch {
        if asked.contains(pattern) { throw error }
        continue
      }
      for match in matches
      where !found.contains(where: { $0.contender.kernel == match.contender.kernel }) {
        found.append(match)
      }
    }
    return found
  }
}
