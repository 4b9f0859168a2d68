// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Whether a convolution may be joined with what stands around it without becoming slower.
struct JoinChoice {
  private let catalog: KernelCatalog
  private let workers: Int
  private let accuracy: AccuracyClass
  private let known = KnownCandidates()

  init(_ catalog: KernelCatalog, workers: Int, accuracy: AccuracyClass) {
    self.catalog = catalog
    self.workers = workers
    self.accuracy = accuracy
  }

  /// The variants that support `operation`, the fastest by prediction first.
  ///
  /// A network has the same convolution many times, and each is asked about for several joins.
  func candidates(_ operation: ConvolutionOperation) -> [VariantCandidate] {
    if let found = known.candidates[operation] { return found }
    let found = catalog.candidates(for: operation, workers: workers, accuracy: accuracy)
    known.candidates[operation] = found
    return found
  }

  private final class KnownCandidates {
    var candidates: [ConvolutionOperation: [VariantCandidate]] = [:]
  }

  /// The layouts that graphs use, for a catalog.
  static func layouts(_ catalog: KernelCatalog) -> [Layout] {
    [.channelBlocked(lanes: catalog.widestInstructionSet.lanes), .nhwc]
  }

  /// How much slower by prediction a variant may be that saves a pass over the tensor.
  private static let tolerated = 1.25

  /// Whether a variant among the fastest can do `join`.
  func can(_ join: Join, _ operation: ConvolutionOperation) -> Bool {
    let layouts = Self.layouts(catalog)
    let fitting = candidates(operation).filter {
      $0.layouts.input == $0.layouts.output && layouts.contains($0.layouts.input)
    }
    guard let fastest = fitting.first else { return false }
    return fitting.contains { candidate in
      guard let variant = candidate.variant as? any JoiningVariant else { return false }
      return candidate.cycles <= Self.tolerated * fastest.cycles && variant.can(join, operation)
    }
  }

  /// The variants that compute two convolutions strip by strip, by layout, with their cycles.
  static func separable(
    _ operation: SeparableOperation, _ catalog: KernelCatalog, workers: Int
  ) -> [Layout: (variant: SeparableVariant, cycles: Double)] {
    var variants: [Layout: (variant: SeparableVariant, cycles: Double)] = [:]
    for layout in layouts(catalog) {
      let variant = SeparableVariant(catalog.widestInstructionSet, layout: layout)
      guard variant.support(operation) == .supported else { continue }
      variants[layout] = (variant, variant.predictedCycles(operation, workers: workers))
    }
    return variants
  }

  /// Whether two convolutions should not become slower when they are computed strip by strip.
  func canSeparate(_ operation: SeparableOperation) -> Bool {
    let variants = Self.separable(operation, catalog, workers: workers)
    return variants.contains { layout, fused in
      let pair = [operation.depthwise, operation.pointwise].reduce(0.0) { cycles, part in
        let fastest = candidates(part).first {
          $0.layouts.input == layout && $0.layouts.output == layout
        }
        return cycles + (fastest?.cycles ?? .infinity)
      }
      return fused.cycles <= Self.tolerated * pair
        && fused.variant.isWorthwhile(operation, workers: workers)
    }
  }
}
