// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog
internal import Predicting
internal import Suites

/// What to measure next: the problems of suites, then drawn ones, half of them where the model is unsure.
struct Candidates {
  private var asked: [ConvolutionOperation]
  private var drawn: DrawnProblems
  private let selection: TunedSelection

  /// Problems between two models.
  private static let batch = 8
  /// Problems of which the least sure are taken.
  private static let choice = 40

  init(suites: [Suite], seed: UInt64, selection: TunedSelection) {
    var seen: Set<ConvolutionOperation> = []
    let all = suites.flatMap(\.cases).flatMap { suiteCase in
      suiteCase.graph.map { $0.nodes.compactMap(\.convolution) } ?? suiteCase.operations
    }
    asked = all.filter { seen.insert($0).inserted }.reversed()
    drawn = DrawnProblems(seed: seed)
    self.selection = selection
  }

  /// The next problems; `model` is what is known so far.
  mutating func next(_ model: TimeModel?, workers: [Int]) -> [ConvolutionOperation] {
    guard asked.isEmpty else {
      let taken = Array(asked.suffix(Self.batch).reversed())
      asked.removeLast(taken.count)
      return taken
    }
    guard let model else { return (0..<Self.batch).map { _ in ConvolutionOperation(drawn.next()) } }
    let half = (0..<Self.batch / 2).map { _ in ConvolutionOperation(drawn.next()) }
    let more = (0..<Self.choice).map { _ in ConvolutionOperation(drawn.next()) }
    let doubts = more.map { doubt(model, $0, workers: workers[0]) }
    let unsure = more.indices.sorted { doubts[$0] > doubts[$1] }.prefix(Self.batch - half.count)
    return half + unsure.map { more[$0] }
  }

  private func doubt(
    _ model: TimeModel, _ operation: ConvolutionOperation, workers: Int
  ) -> Double {
    guard let variant = selection.best([operation], workers: workers)?.first?.variant,
      let cycles = KernelCatalog.predictedCycles(of: variant, for: operation, workers: workers)
    else { return 0 }
    return model.doubt(
      TimeModel.Task(operation, workers: workers, kernel: variant.identity, cycles: cycles))
  }
}
