// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// The rows of `layers.csv`: what each step of a network takes in its place, inside the whole.
enum InPlaceTable {
  /// The rows of a profile.
  static func rows(_ profile: CaseProfile, suite: String, limits: MachineLimits) -> [[String]] {
    let layers = profile.layers
    let total = layers.reduce(0) { $0 + $1.nanoseconds }
    return layers.enumerated().map { number, layer in
      let place = RooflinePlace(
        cost: layer.cost, nanoseconds: layer.nanoseconds,
        instructionSet: profile.entry.contender.instructionSet, workers: profile.entry.workers,
        coldMemory: false, limits: limits, calibration: profile.calibration, accuracy: .exact)
      return [
        suite, profile.entry.suiteCase.name, profile.entry.contender.kernel,
        String(profile.entry.workers), String(number), layer.nodes.joined(separator: "+"),
        layer.operation, layer.kind.rawValue, CellFormat.decimal(layer.nanoseconds),
        CellFormat.percent(Rate(layer.nanoseconds, per: total)),
        CellFormat.rate(place.gflopPerSecond), CellFormat.percent(place.peakShare),
        CellFormat.percent(place.rooflineShare), place.bound ?? "", String(layer.cost.macs),
        String(layer.cost.trafficBytes), CellFormat.decimal(profile.wholeNanoseconds),
      ]
    }
  }
}
