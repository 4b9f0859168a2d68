// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// What `docs/SpecialValues.md` promises, for every variant of ours over every edge problem.
@Suite("NaN, infinities, zeros, the smallest and the largest numbers")
struct SpecialValuesTests {
  /// Groups that share vectors and blocks with others, on the input and on the output side, and
  /// borders that more than one tap meets.
  static let descriptors =
    EdgeProblems.descriptors + [
      "g2ic24ih5oc32kh3ph1", "g3ic18ih6oc48kh1", "g5ic30ih4oc15kh3ph1", "g4ic40ih5oc24kh3ph1",
      "mb2g6ic12ih5oc42kh3sh2ph1", "g11ic33ih6iw5oc22kh3ph1", "g7ic7ih1iw1oc7kh3ph1",
      "g16ic16ih5iw33oc16kh5ph2dh1", "g3ic3ih4iw17oc6kh3sh2ph1", "g2ic34ih3oc70kh1",
    ]

  @Test(
    "an exact variant sums the real taps of its group and nothing else", arguments: descriptors,
    [DataType.f32, .bf16])
  func exactVariants(descriptor: String, type: DataType) throws {
    var generator = SeededGenerator(seed: 0x5EC1)
    let problem = try EdgeProblems.problem(descriptor, type)
    for (index, place) in SpecialValues.Place.allCases.enumerated() {
      let operation = ConvolutionOperation(
        problem, epilogue: Epilogue(hasBias: place == .bias, hasReLU: index % 2 == 0))
      let trial = SpecialValues.trial(operation, place, &generator)
      let reference = trial.reference
      for variant in Catalog.variants where variant.identity.accuracy == .exact {
        // Libraries have rules of their own.
        guard variant.identity.instructionSet != nil,
          variant.support(operation, workers: 2) == .supported
        else { continue }
        let output = try trial.run(variant, workers: 2).output
        let verification = Verification(
          output: output, reference: reference, bound: variant.errorBound(operation),
          shape: problem.outputShape)
        let isWrong = if case .wrong = verification.outcome { true } else { false }
        #expect(
          !isWrong,
          """
          \(variant.identity.id) \(descriptor) \(place) seed \(generator.seed): \
          \(verification.outcome)
          """)
      }
    }
  }

  @Test("a Winograd variant spreads them over tiles, and no further", arguments: WinogradTests.ids)
  func winogradVariants(id: String) throws {
    let variant = try #require(WinogradTests.variants.first { $0.identity.id == id })
    let form = variant.entry.form
    var generator = SeededGenerator(seed: 0x5EC2)
    var checked = 0
    for descriptor in WinogradTests.descriptors {
      // Without a ReLU, which would hide an infinity of the wrong sign.
      let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
      guard variant.support(operation, workers: 1) == .supported else { continue }
      let plain = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
      let clean = try trial(plain, variant)
      for place in [SpecialValues.Place.input, .filter] {
        var special = plain
        if place == .input { SpecialValues.set(&special.input, &generator) }
        if place == .filter { SpecialValues.set(&special.weights.filter, &generator) }
        let output = try trial(special, variant)
        let reference = special.reference.values
        let touched = Touched(special, plain, reach: form.points)
        for index in output.indices {
          if touched.contains(index) {
            // Not finite where it is not in truth; a tile around it may be so as well.
            if !reference[index].isFinite { #expect(!output[index].isFinite, "\(descriptor)") }
          } else {
            checked += 1
            let isEqual = output[index] == clean[index]
            if !isEqual {
              Issue.record("\(id) \(descriptor) \(place) \(index), seed \(generator.seed)")
              return
            }
          }
        }
      }
    }
    #expect(checked > 100)
  }

  private func trial(_ trial: Trial, _ variant: any ConvolutionVariant) throws -> [Float] {
    try trial.run(variant).output
  }
}

/// The outputs of a convolution that changed inputs or weights may reach, through tiles of `reach`
/// inputs in each direction.
private struct Touched {
  private let problem: ConvolutionProblem
  /// Pixels of all images, and output channels.
  private var pixels: Set<Int> = []
  private let channels: Set<Int>

  init(_ trial: Trial, _ plain: Trial, reach: Int) {
    problem = trial.operation.problem
    let perOutput = problem.inChannelsPerGroup * problem.kernel.area
    channels = Set(
      Self.changes(trial.weights.filter, plain.weights.filter).map { $0 / perOutput })
    for index in Self.changes(trial.input, plain.input) {
      let image = index / (problem.inChannels * problem.input.area)
      let row = index / problem.input.width % problem.input.height
      let column = index % problem.input.width
      for y in 0..<problem.output.height
      where abs(y - problem.padding.top - row) < reach * problem.dilation.height {
        for x in 0..<problem.output.width
        where abs(x - problem.padding.left - column) < reach * problem.dilation.width {
          pixels.insert(image * problem.output.area + y * problem.output.width + x)
        }
      }
    }
  }

  private static func changes(_ values: [Float], _ others: [Float]) -> [Int] {
    values.indices.filter { values[$0].bitPattern != others[$0].bitPattern }
  }

  func contains(_ index: Int) -> Bool {
    let image = index / (problem.outChannels * problem.output.area)
    let channel = index / problem.output.area % problem.outChannels
    return channels.contains(channel)
      || pixels.contains(image * problem.output.area + index % problem.output.area)
  }
}
