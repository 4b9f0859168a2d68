// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@testable import KernelCatalog

/// Convolution of plain tensors with pixels in the lanes: which tile a problem gets is a matter of
/// predicted cycles, and bands of a matter of caches, so both are set here.
@Suite("Convolution of plain tensors")
struct PlaneTests {
  static let entries = InstructionSet.available.flatMap { KernelCatalog.entries($0) }
    .filter { $0.family == .planes }

  /// Whether the result of `variant` equals the reference bit for bit, and nothing else is written.
  private static func isExact(
    _ variant: PlaneVariant, _ problem: ConvolutionProblem, workers: Int = 2
  ) throws -> Bool {
    var generator = SeededGenerator(seed: 0x91A7E)
    let operation = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true, hasReLU: true))
    let trial = Trial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
    let result = try trial.run(variant, workers: workers)
    return result.isContained && result.output == trial.reference.values.map { Float($0) }
  }

  @Test(
    "every tile that is compiled computes its part", arguments: InstructionSet.available(for: .f32))
  func everyTile(instructionSet: InstructionSet) throws {
    let entry = try #require(Self.entries.first { $0.instructionSet == instructionSet })
    for tile in EdgeProblems.planeTiles(instructionSet) {
      let variant = PlaneVariant(entry, tile: tile)
      for problem in try EdgeProblems.planes(tile, lanes: instructionSet.lanes) {
        #expect(try Self.isExact(variant, problem), "\(tile.name) \(problem)")
      }
    }
  }

  @Test("what is asked for ahead changes no sum: 1x1 on planes beyond level 2")
  func farPlanes() throws {
    // 4.2 MiB with both tensors, and planes of an odd number of pixels.
    let problem = try ConvolutionProblem(
      groups: 5, inChannels: 60, outChannels: 60, input: Extent(97, 97), kernel: Extent(1, 1))
    for entry in Self.entries {
      #expect(try Self.isExact(PlaneVariant(entry), problem, workers: 1), "\(entry)")
    }
  }

  @Test("sums of small integers are exact on random problems, in bands of few rows")
  func randomProblems() throws {
    let seed: UInt64 = 0xBA2D
    var generator = SeededGenerator(seed: seed)
    let small = CacheSizes(level1: 1 << 10, level2: 1 << 13)
    for trial in 0..<300 {
      guard let problem = Self.problem(&generator) else { continue }
      for entry in Self.entries {
        for caches in [small, .current] {
          let variant = PlaneVariant(entry, caches: caches)
          #expect(
            try Self.isExact(variant, problem, workers: 1 + trial % 3),
            "seed \(seed), trial \(trial): \(variant.identity.id) \(problem)")
        }
      }
    }
  }

  /// Groups of up to 12 channels, any stride, padding and dilation; nil where they do not fit together.
  private static func problem(_ generator: inout SeededGenerator) -> ConvolutionProblem? {
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let groups = draw(1...4)
    return try? ConvolutionProblem(
      groups: groups, batch: draw(1...2), inChannels: groups * draw(1...7),
      outChannels: groups * draw(1...12), input: Extent(draw(1...17), draw(1...37)),
      kernel: Extent(draw(1...5), draw(1...5)), stride: Extent(draw(1...3), draw(1...4)),
      padding: Padding(
        top: draw(0...4), left: draw(0...4), bottom: draw(0...4), right: draw(0...4)),
      dilation: Extent(draw(1...3), draw(1...3)))
  }

  @Test("a row is as long as what is read of it, and no longer", arguments: [(1, 36), (2, 18)])
  func rowsShareZeros(stride: Int, pitch: Int) throws {
    let problem = try EdgeProblems.problem("g2ic10ih35oc10kh3sh\(stride)ph1")
    let layout = PlaneCopyLayout(problem, bandRows: problem.output.height)
    #expect(layout.pitch == pitch)
  }
}
