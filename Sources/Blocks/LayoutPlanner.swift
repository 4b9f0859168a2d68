// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Decides in which layout each step works and what computes it.
///
/// Two layouts are tried, and reorders between them count. A search over all combinations would
/// be exponential, so each step changes in turn, from both uniform starts, while that helps.
struct LayoutPlanner {
  private let steps: [PlannedStep]
  private let workers: Int
  /// What computes each step, by the layout of its result.
  private let candidates: [[Layout: JoinChoice.Candidate]]
  private let flow: StepFlow
  private let layouts: [Layout]
  /// The layout of each step.
  private(set) var chosen: [Layout] = []

  /// Cycles for each element that a reorder copies: a strided read and write.
  private static let reorderCycles = 2.0

  /// Plans; nil where nothing computes a step in either layout.
  init?(_ graph: OperationGraph, _ steps: [PlannedStep], choice: JoinChoice, workers: Int) {
    self.steps = steps
    self.workers = workers
    layouts = choice.layouts
    let readsInput = steps.map { $0.fragment.reads.contains(.input) }
    let hasOneReader = readsInput.count(where: { $0 }) == 1
    let reorder = Self.reorderCycles * Double(graph.input.count) / Double(workers)
    candidates = zip(steps, readsInput).map { step, readsInput in
      Self.best(
        choice.candidates(step.fragment), choice.layouts,
        reorder: readsInput && hasOneReader ? reorder : nil)
    }
    guard candidates.allSatisfy({ !$0.isEmpty }) else { return nil }
    flow = StepFlow(graph, steps, cycles: candidates.map { $0.mapValues { $0.way.cycles } })
    chosen = search()
  }

  /// The fastest that works in each layout.
  ///
  /// One that alone reads the graph's input may take it as a plain image, as networks are given
  /// theirs; the others take it after `reorder` cycles.
  private static func best(
    _ candidates: [JoinChoice.Candidate], _ layouts: [Layout], reorder: Double?
  ) -> [Layout: JoinChoice.Candidate] {
    var best: [Layout: JoinChoice.Candidate] = [:]
    for layout in layouts {
      best[layout] = candidates.compactMap { candidate -> JoinChoice.Candidate? in
        let input = candidate.way.input
        let readsImage = reorder != nil && input == .nchw
        guard candidate.way.output == layout, input == layout || readsImage else { return nil }
        var candidate = candidate
        candidate.way.cycles += readsImage ? 0 : reorder ?? 0
        return candidate
      }.min { $0.way.cycles < $1.way.cycles }
    }
    return best
  }

  /// What computes a step.
  func implementation(_ step: Int) -> any Implementation { candidate(step).implementation }

  private func candidate(_ step: Int) -> JoinChoice.Candidate {
    guard let candidate = candidates[step][chosen[step]] else {
      preconditionFailure("the search only chooses layouts in which something computes the step")
    }
    return candidate
  }

  /// The layout of a tensor: that of the step that writes it, and of the input what its first reader
  /// reads.
  func layout(_ tensor: GraphTensor) -> Layout {
    let step = flow.writer(tensor)
    return tensor == .input ? inputLayout(step) : chosen[step]
  }

  /// The layout in which a step reads tensors.
  func inputLayout(_ step: Int) -> Layout {
    candidate(step).way.input
  }

  private func search() -> [Layout] {
    let starts = layouts.map { layout in improved([Layout](repeating: layout, count: steps.count)) }
    return starts.min { cycles($0) < cycles($1) } ?? []
  }

  private func improved(_ start: [Layout]) -> [Layout] {
    var best = start
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for step in steps.indices where steps[step].sumsFrom == nil {
        for layout in layouts where layout != best[step] {
          var other = best
          // Sums lie in the layout of what they are sums of.
          for tied in flow.tied[step] { other[tied] = layout }
          let (before, after) = flow.affected[step].reduce((0.0, 0.0)) { sum, index in
            (sum.0 + cycles(index, best), sum.1 + cycles(index, other))
          }
          if after < before { (best, hasChanged) = (other, true) }
        }
      }
    }
    return best
  }

  /// What the steps take in these layouts, reorders and copies included.
  private func cycles(_ layouts: [Layout]) -> Double {
    steps.indices.reduce(0) { $0 + cycles($1, layouts) }
  }

  /// What a step takes, with the reorders of what it reads.
  private func cycles(_ index: Int, _ layouts: [Layout]) -> Double {
    var total = flow.cycles[index][layouts[index]] ?? .infinity
    for read in flow.reads[index] where layouts[read.writer] != layouts[index] {
      total += Self.reorderCycles * Double(read.count) / Double(workers)
    }
    return total
  }
}

/// Which steps of a graph depend on which, and what each takes: what a search asks again and again.
private struct StepFlow {
  /// What a step reads: the step whose layout it has, and how many elements.
  struct Read {
    var writer: Int
    var count: Int
  }

  /// For each step, what it reads.
  private(set) var reads: [[Read]] = []
  /// For each step, those that change their layout with it, itself first.
  private(set) var tied: [[Int]] = []
  /// For each step, those whose cycles change with its layout.
  private(set) var affected: [[Int]] = []
  /// For each step, what it takes by layout; a layout that is missing is one it cannot work in.
  let cycles: [[Layout: Double]]
  private let writers: [GraphTensor: Int]

  init(_ graph: OperationGraph, _ steps: [PlannedStep], cycles: [[Layout: Double]]) {
    self.cycles = cycles
    let tensors = steps.map { $0.fragment.reads }
    var writers: [GraphTensor: Int] = [:]
    for (index, step) in steps.enumerated() { writers[.node(step.result)] = index }
    // The input has the layout of its first reader.
    writers[.input] = tensors.firstIndex { $0.contains(.input) } ?? 0
    self.writers = writers
    reads = tensors.map { tensors in
      tensors.map { Read(writer: writers[$0] ?? 0, count: graph.shape($0).count) }
    }
    tied = steps.indices.map { step in
      [step] + steps.indices.filter { steps[$0].sumsFrom == step }
    }
    var readers = [[Int]](repeating: [], count: steps.count)
    for (index, own) in reads.enumerated() {
      for read in own { readers[read.writer].append(index) }
    }
    affected = tied.map { tied in
      Set(tied).union(tied.flatMap { readers[$0] }).sorted()
    }
  }

  /// The step whose layout a tensor has.
  func writer(_ tensor: GraphTensor) -> Int { writers[tensor] ?? 0 }
}
