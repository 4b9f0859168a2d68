// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// What may compute a fragment, and whether fusing it would not be slower than its parts.
struct JoinChoice {
  /// An implementation and how it would compute a fragment.
  typealias Candidate = (implementation: any Implementation, way: Match.Way)

  /// The layouts that graphs use.
  let layouts: [Layout]
  private let implementations: [any Implementation]
  private let workers: Int
  /// What computes all that it can, where somebody asked for it.
  private let preferred: VariantIdentity?
  private let known = KnownCandidates()

  init(
    _ catalog: KernelCatalog, workers: Int, accuracy: AccuracyClass, preferred: VariantIdentity?
  ) {
    layouts = [.channelBlocked(lanes: catalog.widestInstructionSet.lanes), .nhwc]
    implementations = catalog.implementations.filter {
      $0.isOurs && (accuracy == .fast || $0.identity.accuracy == .exact)
    }
    self.workers = workers
    self.preferred = preferred
  }

  private final class KnownCandidates {
    var candidates: [Fragment.Signature: [Candidate]] = [:]
  }

  /// What computes `fragment`, in which ways.
  ///
  /// A network has the same fragment many times, and each is asked about for several joins.
  func candidates(_ fragment: Fragment) -> [Candidate] {
    let signature = Fragment.Signature(fragment)
    if let found = known.candidates[signature] { return found }
    var found = implementations.flatMap { implementation -> [Candidate] in
      guard case .ways(let ways) = implementation.match(fragment, workers: workers) else {
        return []
      }
      return ways.filter { way in
        layouts.contains(way.output) && (layouts.contains(way.input) || way.input == .nchw)
      }.map { (implementation, $0) }
    }
    let asked = found.filter { $0.implementation.identity == preferred }
    if !asked.isEmpty { found = asked }
    known.candidates[signature] = found
    return found
  }

  /// How much slower by prediction a fragment may be that saves a pass over a tensor.
  private static let tolerated = 1.25

  /// Whether `whole` should not become slower than `parts`, each computed by itself.
  func accepts(_ whole: Fragment, insteadOf parts: [Fragment]) -> Bool {
    let fused = candidates(whole)
    if let preferred, fused.contains(where: { $0.implementation.identity == preferred }) {
      return true
    }
    func least(_ candidates: [Candidate], _ layout: Layout) -> Double {
      candidates.filter { $0.way.input == layout && $0.way.output == layout }
        .map { $0.way.cycles }.min() ?? .infinity
    }
    let apart = parts.map(candidates)
    let joined = layouts.map { least(fused, $0) }
    let separate = layouts.map { layout in apart.reduce(0.0) { $0 + least($1, layout) } }
    // What one kernel does besides is held to the fastest in any layout; several kernels that become one,
    // to those in its layout.
    let limits = parts.count > 1 ? separate : layouts.map { _ in separate.min() ?? .infinity }
    return zip(joined, limits).contains { $0.isFinite && $0 <= Self.tolerated * $1 }
  }
}
