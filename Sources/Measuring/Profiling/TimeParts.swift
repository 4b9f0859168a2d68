// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What the time of a case is made of beside its arithmetic, from its own time and those of its
/// counterfactuals.
///
/// The time of a problem in level 1 is taken to be what an iteration costs, what each output costs, and what
/// each product costs: with twice the rows the last two double, with twice the input channels the last one.
/// What the case takes beyond such costs is the distance of its data.
public enum TimeParts {
  /// A part.
  public enum Part: String, CaseIterable, Sendable {
    case border, remainders, starts, outputs, products, distance

    /// For people.
    public var text: String {
      switch self {
      case .border: "taps that leave the image"
      case .remainders: "vectors and tiles that are not full"
      case .starts: "starting an iteration"
      case .outputs: "beginning, ending and storing sums"
      case .products: "the inner loop beside its arithmetic"
      case .distance: "data beyond level 1"
      }
    }
  }

  /// The parts of the time; with the arithmetic at its pace they add up to it.
  /// - Parameters:
  ///   - all: The case and its counterfactuals, as `Counterfactual.all` has them; some may be missing.
  ///   - times: Their times, in nanoseconds.
  ///   - pace: Products a nanosecond at the peak.
  /// - Returns: nanoseconds of the case, for the parts that are known.
  /// - Requires: as many times as problems, at least one, that of the case first.
  public static func parts(
    of all: [Counterfactual], nanoseconds times: [Double], pace: Double
  ) -> [Part: Double] {
    precondition(!all.isEmpty && all.count == times.count && all[0].change == .nothing)
    let works = all.map { Double(CostModel($0.problem).macsInsideImage) }
    let place = { (change: Counterfactual.Change) in all.firstIndex { $0.change == change } }
    let base = base(of: all.count, in: all)
    var parts: [Part: Double] = [:]
    let changes = [(Counterfactual.Change.border, Part.border), (.remainders, .remainders)]
    for (change, part) in changes {
      guard let next = place(change) else { continue }
      parts[part] = (times[next - 1] / works[next - 1] - times[next] / works[next]) * works[0]
    }
    guard let near = place(.near), let rows = place(.nearRows) else {
      parts[.products] = times[base] * works[0] / works[base] - works[0] / pace
      return parts
    }
    let scale = works[0] / works[base]
    let starts = 2 * times[near] - times[rows]
    var each = (times[rows] - times[near]) / works[near]
    var outputs = 0.0
    if let long = place(.nearProducts) {
      each = (times[long] - times[near]) / (works[long] - works[near])
      outputs =
        (times[near] - starts - each * works[near]) / sums(all[near]) * sums(all[base])
      parts[.outputs] = outputs * scale
    }
    parts[.starts] = starts * scale
    parts[.products] = (each * works[base] - works[base] / pace) * scale
    parts[.distance] = (times[base] - starts - outputs - each * works[base]) * scale
    return parts
  }

  /// The sums of a problem, one an output.
  private static func sums(_ one: Counterfactual) -> Double {
    Double(one.problem.outputShape.count)
  }

  /// The problem before `place` in `all` that the one there is compared with: the case, the last that
  /// only leaves something out of it, or the first in level 1.
  public static func base(of place: Int, in all: [Counterfactual]) -> Int {
    let plain: Set<Counterfactual.Change> = [.nothing, .border, .remainders]
    let isBeyond =
      place < all.count && [.nearRows, .nearProducts, .nearBoth].contains(all[place].change)
    return all.prefix(place).lastIndex {
      isBeyond ? $0.change == .near : plain.contains($0.change)
    } ?? 0
  }
}
