// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Decides in which layout each step works and which variant computes each convolution.
///
/// Two layouts are tried, and reorders between them count. A search over all combinations would
/// be exponential, so each step changes in turn, from both uniform starts, while that helps.
struct LayoutPlanner {
  private let graph: OperationGraph
  private let steps: [PlannedStep]
  private let workers: Int
  private let candidates: [[Layout: VariantCandidate]]
  private let separables: [[Layout: (variant: SeparableVariant, cycles: Double)]]
  private let flow: StepFlow
  /// The layouts that graphs use.
  let layouts: [Layout]
  /// The layout of each step.
  private(set) var chosen: [Layout] = []

  /// Cycles for each element that a reorder copies: a strided read and write.
  private static let reorderCycles = 2.0
  /// Cycles for each element of a copy in one layout: a vector read and written.
  private static let copyCycles = 0.25

  /// Plans; nil where a convolution has no variant in either layout.
  init?(
    _ graph: OperationGraph, _ steps: [PlannedStep], catalog: KernelCatalog, choice: JoinChoice,
    workers: Int
  ) {
    self.graph = graph
    self.steps = steps
    self.workers = workers
    let layouts = JoinChoice.layouts(catalog)
    self.layouts = layouts
    let readsInput = steps.map { $0.reads(graph).contains(.input) }
    let hasOneReader = readsInput.count(where: { $0 }) == 1
    candidates = zip(steps, readsInput).map { step, readsInput in
      guard let (_, operation) = step.convolution(graph) else { return [:] }
      guard step.deformable(graph) == nil else { return [:] }
      let all = choice.candidates(operation).filter {
        Self.canJoin($0.variant, step, operation, graph)
      }
      let reorder = Self.reorderCycles * Double(graph.input.count) / Double(workers)
      return Self.best(all, layouts, reorder: readsInput && hasOneReader ? reorder : nil)
    }
    separables = steps.map { step in
      guard let (_, _, operation) = step.separable(graph) else { return [:] }
      return JoinChoice.separable(operation, catalog, workers: workers)
    }
    for (step, best) in zip(steps, candidates)
    where step.convolution(graph) != nil && step.deformable(graph) == nil {
      if best.isEmpty { return nil }
    }
    let best = zip(candidates, separables).map { candidates, separables in
      candidates.mapValues(\.cycles).merging(separables.mapValues(\.cycles)) { first, _ in first }
    }
    flow = StepFlow(
      graph, steps,
      cycles: steps.indices.map { index in
        Self.cycles(steps[index], graph, best[index], layouts, workers: workers)
      })
    chosen = search()
  }

  /// The fastest variant that works in each layout.
  ///
  /// One that alone reads the graph's input may take it as a plain image, as networks are given
  /// theirs; the others take it after `reorder` cycles.
  private static func best(
    _ candidates: [VariantCandidate], _ layouts: [Layout], reorder: Double?
  ) -> [Layout: VariantCandidate] {
    var best: [Layout: VariantCandidate] = [:]
    for layout in layouts {
      best[layout] = candidates.compactMap { candidate -> VariantCandidate? in
        let input = candidate.layouts.input
        let readsImage = reorder != nil && input == .nchw
        guard candidate.layouts.output == layout, input == layout || readsImage else { return nil }
        var candidate = candidate
        candidate.cycles += readsImage ? 0 : reorder ?? 0
        return candidate
      }.min { $0.cycles < $1.cycles }
    }
    return best
  }

  /// What a step takes in each layout that it can work in, without reorders.
  private static func cycles(
    _ step: PlannedStep, _ graph: OperationGraph, _ best: [Layout: Double], _ layouts: [Layout],
    workers: Int
  ) -> [Layout: Double] {
    // The kernels of deformable convolutions know one layout.
    if step.deformable(graph) != nil { return [.nhwc: 0] }
    guard best.isEmpty else { return best }
    let node = graph.nodes[step.result]
    let isCopy = node.operation == .concatenation && !step.isInPlace
    let cycles = isCopy ? copyCycles * Double(node.shape.count) / Double(workers) : 0
    return Dictionary(uniqueKeysWithValues: layouts.map { ($0, cycles) })
  }

  /// Whether a variant can do what is joined to the convolution of a step.
  private static func canJoin(
    _ variant: any ConvolutionVariant, _ step: PlannedStep, _ operation: ConvolutionOperation,
    _ graph: OperationGraph
  ) -> Bool {
    let joins = step.joins(graph)
    guard !joins.isEmpty else { return true }
    guard let variant = variant as? any JoiningVariant else { return false }
    return joins.allSatisfy { variant.can($0, operation) }
  }

  /// The variant of a step's convolution.
  func variant(_ step: Int) -> (any ConvolutionVariant)? {
    candidates[step][chosen[step]]?.variant
  }

  /// What computes the two convolutions of a step.
  func separable(_ step: Int) -> SeparableVariant? {
    separables[step][chosen[step]]?.variant
  }

  /// The layout of a tensor: that of the step that writes it, and of the input what its first reader
  /// reads.
  func layout(_ tensor: GraphTensor) -> Layout {
    let step = flow.writer(tensor)
    return tensor == .input ? inputLayout(step) : chosen[step]
  }

  /// The layout in which a step reads tensors.
  func inputLayout(_ step: Int) -> Layout {
    candidates[step][chosen[step]]?.layouts.input ?? chosen[step]
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
    let tensors = steps.map { $0.reads(graph) }
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
