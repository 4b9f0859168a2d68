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
    _ graph: OperationGraph, _ steps: [PlannedStep], catalog: KernelCatalog, workers: Int
  ) {
    self.graph = graph
    self.steps = steps
    self.workers = workers
    let layouts = JoinChoice.layouts(catalog)
    self.layouts = layouts
    candidates = steps.map { step in
      guard let (_, operation) = step.convolution(graph) else { return [:] }
      guard step.deformable(graph) == nil else { return [:] }
      let all = catalog.candidates(for: operation, workers: workers).filter {
        Self.canJoin($0.variant, step, operation, graph)
      }
      var best: [Layout: VariantCandidate] = [:]
      for layout in layouts {
        best[layout] = all.first { $0.layouts.input == layout && $0.layouts.output == layout }
      }
      return best
    }
    separables = steps.map { step in
      guard let (_, _, operation) = step.separable(graph) else { return [:] }
      return JoinChoice.separable(operation, catalog, workers: workers)
    }
    for (step, best) in zip(steps, candidates)
    where step.convolution(graph) != nil && step.deformable(graph) == nil {
      if best.isEmpty { return nil }
    }
    chosen = search()
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

  /// The layout of a tensor: that of the step that writes it, and of the input that of its first
  /// reader.
  func layout(_ tensor: GraphTensor) -> Layout { layout(tensor, chosen) }

  private func layout(_ tensor: GraphTensor, _ chosen: [Layout]) -> Layout {
    let place = steps.firstIndex { step in
      if case .node(let node) = tensor { return step.result == node }
      return step.reads(graph).contains(.input)
    }
    return chosen[place ?? 0]
  }

  private func search() -> [Layout] {
    let starts = layouts.map { layout in improved([Layout](repeating: layout, count: steps.count)) }
    return starts.min { cycles($0) < cycles($1) } ?? []
  }

  private func improved(_ start: [Layout]) -> [Layout] {
    var best = start
    var least = cycles(best)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for step in steps.indices where steps[step].sumsFrom == nil {
        for layout in layouts where layout != best[step] {
          var other = best
          // Sums lie in the layout of what they are sums of.
          for tied in steps.indices where tied == step || steps[tied].sumsFrom == step {
            other[tied] = layout
          }
          let cycles = cycles(other)
          if cycles < least { (best, least, hasChanged) = (other, cycles, true) }
        }
      }
    }
    return best
  }

  /// What the steps take in these layouts, reorders and copies included.
  private func cycles(_ layouts: [Layout]) -> Double {
    var total = 0.0
    for (index, step) in steps.enumerated() {
      if step.deformable(graph) != nil {
        // Its kernels know one layout.
        total += layouts[index] == .nhwc ? 0 : .infinity
      } else if step.separable(graph) != nil {
        total += separables[index][layouts[index]]?.cycles ?? .infinity
      } else if step.convolution(graph) != nil {
        total += candidates[index][layouts[index]]?.cycles ?? .infinity
      }
      for tensor in step.reads(graph) where layout(tensor, layouts) != layouts[index] {
        total += Self.reorderCycles * Double(graph.shape(tensor).count) / Double(workers)
      }
      if graph.nodes[step.result].operation == .concatenation,
        !step.isInPlace
      {
        total += Self.copyCycles * Double(graph.nodes[step.result].shape.count) / Double(workers)
      }
    }
    return total
  }
}
