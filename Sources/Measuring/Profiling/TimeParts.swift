// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What the time of a case is made of beside its arithmetic, from its own time and those of its
/// counterfactuals.
///
/// The time of a problem is taken to be what starting it costs, what each output costs, and what each
/// product costs; doubling the images or the products shows the first two, whatever the third is.
public enum TimeParts {
  /// A part.
  public enum Part: String, CaseIterable, Sendable {
    case border, remainders, starts, distance, outputs, products

    /// For people.
    public var text: String {
      switch self {
      case .border: "taps that leave the image"
      case .remainders: "vectors and tiles that are not full"
      case .starts: "once an iteration: starting, first touch of the filter"
      case .distance: "data beyond level 1"
      case .outputs: "once an output: beginning, ending and storing its sum"
      case .products: "the inner loop beside its arithmetic: loads, latencies"
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
    let scale = works[0] / works[base]
    var rest = times[base] - works[base] / pace
    func take(_ part: Part, _ nanoseconds: Double) {
      parts[part] = nanoseconds * scale
      rest -= nanoseconds
    }
    let starts = place(.images).map { 2 * times[base] - times[$0] } ?? 0
    if place(.images) != nil { take(.starts, starts) }
    if let half = place(.near), let whole = place(.twiceNear) {
      let slope = (times[whole] - times[half]) / (works[whole] - works[half])
      take(.distance, times[base] - starts - slope * works[base])
    }
    if let long = place(.products) { take(.outputs, 2 * times[base] - times[long] - starts) }
    parts[.products] = rest * scale
    return parts
  }

  /// The problem before `place` in `all` that the one there is compared with: the case, or the last that
  /// only leaves something out of it.
  public static func base(of place: Int, in all: [Counterfactual]) -> Int {
    let plain: Set<Counterfactual.Change> = [.nothing, .border, .remainders]
    return all.prefix(place).lastIndex { plain.contains($0.change) } ?? 0
  }
}
