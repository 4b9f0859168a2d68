// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Whether a convolution may be joined with what stands around it without becoming slower.
struct JoinChoice {
  private let catalog: KernelCatalog
  private let workers: Int

  init(_ catalog: KernelCatalog, workers: Int) {
    self.catalog = catalog
    self.workers = workers
  }

  /// The layouts that graphs use, for a catalog.
  static func layouts(_ catalog: KernelCatalog) -> [Layout] {
    [.channelBlocked(lanes: catalog.widestInstructionSet.lanes), .nhwc]
  }

  /// How much slower by prediction a variant may be that saves a pass over the tensor.
  private static let tolerated = 1.25

  /// Whether a variant among the fastest can start its sums from another tensor.
  func canAdd(_ operation: ConvolutionOperation) -> Bool {
    isWorthwhile(operation) { _ in true }
  }

  /// Whether a variant among the fastest can read through a shuffle.
  func canShuffle(_ operation: ConvolutionOperation, groups: Int) -> Bool {
    isWorthwhile(operation) { $0.canShuffle(operation, groups: groups) }
  }

  private func isWorthwhile(
    _ operation: ConvolutionOperation, _ can: (any JoiningVariant) -> Bool
  ) -> Bool {
    let layouts = Self.layouts(catalog)
    let fitting = catalog.candidates(for: operation, workers: workers).filter {
      $0.layouts.input == $0.layouts.output && layouts.contains($0.layouts.input)
    }
    guard let fastest = fitting.first else { return false }
    return fitting.contains { candidate in
      guard let variant = candidate.variant as? any JoiningVariant else { return false }
      return candidate.cycles <= Self.tolerated * fastest.cycles && can(variant)
    }
  }
}
