// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Convolution
internal import KernelCatalog
internal import Measuring
internal import Planning

/// How `best` is picked: as `tune` measured, or as the cost model predicts.
struct TunedSelection: Sendable {
  let catalog: KernelCatalog
  let accuracy: AccuracyClass
  /// What was measured on this machine; nil where it shall not count.
  let tuning: TuningFile?

  static let option = Option(
    "--untuned", nil, "best as the cost model predicts it, even where tune has measured")

  init(_ catalog: KernelCatalog, _ arguments: Arguments) throws {
    self.catalog = catalog
    accuracy = try RunOptions.accuracy(arguments)
    tuning =
      arguments.has(Self.option.name)
      ? nil : TuningFile.stored(machine: RunEnvironment.currentMachineKey())
  }

  /// What there is to choose from: every variant of the catalog, every form of blocks, and `externals`.
  func selection(externals: [String] = []) -> KernelSelection {
    KernelSelection(
      variants: catalog.variants, graphs: GraphRunner.all(catalog, accuracy: accuracy),
      parts: GraphRunner.parts(catalog, accuracy: accuracy), externals: externals,
      best: { operations, workers in best(operations, workers: workers) })
  }

  /// A variant and a reason per operation; nil where one has none.
  func best(
    _ operations: [ConvolutionOperation], workers: Int
  ) -> [(variant: any ConvolutionVariant, reason: String)]? {
    catalog.best(forChain: operations, workers: workers, accuracy: accuracy) { operation, workers in
      tuning?.choice(for: operation, workers: workers, accuracy: accuracy)
        .map { (kernel: $0.kernel, reason: $0.reason) }
    }
  }
}
