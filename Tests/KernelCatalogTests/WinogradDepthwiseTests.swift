// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// Chunks of taps that are transformed: every shape of kernel, map and padding, against the definition.
@Suite("Winograd of large depthwise kernels")
struct WinogradDepthwiseTests {
  static let variants = KernelCatalog().variants.compactMap { $0 as? WinogradDepthwiseVariant }
  static let ids = variants.map(\.identity.id)

  /// Chunks that the kernel fills and does not, tiles that the image fills and does not, tiles of which
  /// nothing is inside, padding on one side, one row, several images, channel tails.
  static let descriptors = [
    "g16ic16ih16oc16kh13ph6", "g8ic8ih21oc8kh16ph7", "g19ic19ih13iw30oc19kh31ph15",
    "mb3g5ic5ih9iw14oc5kh7ph3", "g33ic33ih28oc33kh21ph10", "g16ic16ih20oc16kh9",
    "g4ic4ih3iw40oc4kh3kw29ph1pw14", "g4ic4ih5iw9oc4kh4kw1ph0pw0", "g2ic2ih6oc2kh6ph5",
    "g3ic3ih12iw12ow9oc3kh5pw0ph2", "g6ic6ih1iw33oc6kh1kw25ph0pw12", "mb2g40ic40ih8oc40kh3ph1",
  ]

  private static func variant(_ id: String) throws -> WinogradDepthwiseVariant {
    try #require(variants.first { $0.identity.id == id })
  }

  @Test("whole numbers come out whole, whatever the workers", arguments: Self.ids, [1, 2, 5])
  func wholeNumbersComeOutWhole(id: String, workers: Int) throws {
    let variant = try Self.variant(id)
    var generator = SeededGenerator(seed: 0xDE_31)
    for (index, descriptor) in Self.descriptors.enumerated() {
      let epilogue = Epilogue(hasBias: index % 2 == 0, hasReLU: index % 3 == 0)
      let operation = ConvolutionOperation(
        try EdgeProblems.problem(descriptor), epilogue: epilogue)
      #expect(variant.support(operation, workers: workers) == .supported, "\(descriptor)")
      let trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
      let result = try trial.run(variant, workers: workers)
      let isEqual =
        result.output.map { $0.rounded() } == trial.reference.values.map { Float($0) }
      #expect(isEqual, "\(descriptor) seed \(generator.seed)")
      #expect(result.isContained, "wrote beside its output: \(descriptor)")
    }
  }

  @Test("the error is what is expected of random data", arguments: Self.ids)
  func errorIsAsExpected(id: String) throws {
    let variant = try Self.variant(id)
    var generator = SeededGenerator(seed: 0xE78)
    for (size, taps) in [(24, 12), (32, 20), (36, 31)] {
      let operation = ConvolutionOperation(
        try EdgeProblems.problem("g16ic16ih\(size)oc16kh\(taps)"))
      let trial = Trial(operation) { Float.random(in: -1...1, using: &generator) }
      let verification = Verification(
        output: try trial.run(variant).output, reference: trial.reference,
        bound: variant.errorBound(operation), shape: operation.problem.outputShape)
      #expect(verification.outcome == .correct)
      let expected = variant.expectedRelativeError(operation)
      #expect(expected < AccuracyClass.largestFastError)
      let share = verification.relativeRMSError / expected
      #expect(share > 0.5 && share < 2, "\(taps) taps, seed \(generator.seed): \(share)")
    }
  }

  @Test("NaN of an input reaches tiles that read it, and no other", arguments: Self.ids)
  func specialValuesStayNear(id: String) throws {
    let variant = try Self.variant(id)
    var generator = SeededGenerator(seed: 0x5EC3)
    let operation = ConvolutionOperation(try EdgeProblems.problem("mb2g3ic3ih40oc3kh9ph4"))
    let plain = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    var special = plain
    let (channel, row, column) = (1, 17, 30)
    let area = operation.problem.input.area
    special.input[channel * area + row * 40 + column] = .nan
    let (clean, output) = (try plain.run(variant).output, try special.run(variant).output)
    // Nine taps are three chunks of four; with a tile around each that is at most this.
    let reach = 4 + 2 * 4
    for index in output.indices {
      let (y, x) = (index % area / 40, index % 40)
      if index / area == channel && abs(y - row) < reach && abs(x - column) < reach {
        if abs(y - row) <= 4 && abs(x - column) <= 4 { #expect(output[index].isNaN) }
      } else {
        #expect(output[index] == clean[index], "\(index), seed \(generator.seed)")
      }
    }
  }

  @Test("fast picks it for large kernels, and not for small ones")
  func selectionPicksIt() throws {
    let catalog = KernelCatalog()
    func best(_ descriptor: String, _ accuracy: AccuracyClass) throws -> String {
      let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor))
      return try #require(catalog.best(for: operation, workers: 1, accuracy: accuracy))
        .variant.identity.family
    }
    #expect(try best("g128ic128ih56oc128kh31ph15", .fast) == "winograd")
    #expect(try best("g128ic128ih56oc128kh31ph15", .exact) == "depthwise")
    #expect(try best("g128ic128ih56oc128kh3ph1", .fast) == "depthwise")
  }
}
