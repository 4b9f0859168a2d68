// SPDX-License-Identifier: Apache-2.0

import Convolution
import Glibc
import TestSupport

/// The conformance tests of the kernels, as far as Embedded Swift can say them: plans, packing and
/// kernels are those of the program, and so are the problems and the oracles.
@main
enum Main {
  static func main() {
    var checks = Checks()
    checks.expect(InstructionSet.available == [.neon], "CPU", "is said to have no NEON")
    convolutions(&checks)
    lines(&checks)
    planes(&checks)
    deformable(&checks)
    separable(&checks)
    var nodes = NodeChecks(checks)
    for channels in [1, 3, 4, 5, 8, 12, 17, 33] {
      nodes.run(channels: channels, extent: Extent(5, 7))
      nodes.run(channels: channels, extent: Extent(3, 3))
    }
    checks = nodes.checks
    limits(&checks)
    checks.tell()
    if checks.failures > 0 { exit(1) }
  }

  private static func problem(
    _ descriptor: String, _ type: DataType = .f32
  ) -> ConvolutionProblem {
    guard let problem = try? EdgeProblems.problem(descriptor, type) else {
      fatalError("cannot read \(descriptor)")
    }
    return problem
  }

  private static let epilogues = [
    Epilogue(), Epilogue(hasBias: true), Epilogue(hasReLU: true),
    Epilogue(hasBias: true, hasReLU: true),
  ]

  /// Products beyond which a problem is computed with one epilogue per oracle: an emulator takes
  /// seconds for each.
  private static let largeMACs = 200_000

  private static func convolutions(_ checks: inout Checks) {
    for type in DataType.allCases { convolutions(type, &checks) }
    for (place, descriptor) in EdgeProblems.winograd.enumerated() {
      let operation = ConvolutionOperation(problem(descriptor), epilogue: epilogues[place % 4])
      exact(operation, workers: 1 + place % 3, accuracy: .fast, &checks)
      bound(operation, accuracy: .fast, &checks)
    }
  }

  private static func convolutions(_ type: DataType, _ checks: inout Checks) {
    for (place, descriptor) in EdgeProblems.descriptors.enumerated() {
      let problem = problem(descriptor, type)
      let isLarge = CostModel(problem).macs > largeMACs
      for epilogue in isLarge ? epilogues.suffix(1) : epilogues[...] {
        exact(ConvolutionOperation(problem, epilogue: epilogue), workers: 1 + place % 2, &checks)
      }
      for epilogue in epilogues.prefix(isLarge ? 1 : 2) {
        bound(ConvolutionOperation(problem, epilogue: epilogue), &checks)
      }
      if !isLarge, type.arithmetic != .u8s8 { special(problem, &checks) }
    }
  }

  /// Every line kernel by itself on the problems that fit it: which one a variant takes is a matter
  /// of predicted cycles.
  private static func lines(_ checks: inout Checks) {
    let entries = LineEntry.entries(.neon)
    var problems: [ConvolutionProblem?] = []
    for descriptor in EdgeProblems.descriptors {
      let problem = problem(descriptor)
      if problem.groups > 1, CostModel(problem).macs <= largeMACs { problems.append(problem) }
    }
    for width in 1...45 {
      for (taps, stride) in EdgeProblems.lines {
        problems.append(try? EdgeProblems.line(width: width, taps: taps, stride: stride))
        problems.append(try? EdgeProblems.column(height: width, taps: taps, stride: stride))
      }
      for (inputs, outputs) in [(1, 2), (2, 2)] {
        problems.append(
          try? EdgeProblems.line(
            width: width, taps: 3, stride: 1, inputs: inputs, outputs: outputs))
      }
    }
    for problem in problems {
      guard let problem else { fatalError("lines that do not fit together") }
      var check = LineCheck(ConvolutionOperation(problem, epilogue: epilogues[3]), checks)
      for entry in entries { check.run(entry) }
      check.runCopies()
      checks = check.checks
    }
  }

  /// Every tile of plain tensors by itself.
  private static func planes(_ checks: inout Checks) {
    for entry in KernelCatalog.entries(.neon) where entry.family == .planes {
      for tile in EdgeProblems.planeTiles(.neon) {
        let problems = (try? EdgeProblems.planes(tile, lanes: InstructionSet.neon.lanes)) ?? []
        checks.expect(!problems.isEmpty, "planes", "no problem for \(tile.name)")
        for problem in problems {
          var check = ExactCheck(
            ConvolutionOperation(problem, epilogue: epilogues[3]), seed: 0x91A7E, workers: 2, checks
          )
          check.visit(PlaneVariant(entry, tile: tile))
          checks = check.checks
        }
      }
    }
  }

  private static func exact(
    _ operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass? = nil,
    _ checks: inout Checks
  ) {
    var check = ExactCheck(operation, seed: 0x1A2C, workers: workers, checks)
    check.accuracy = accuracy
    InstructionSet.neon.visitVariants(&check)
    checks = check.checks
  }

  private static func bound(
    _ operation: ConvolutionOperation, accuracy: AccuracyClass? = nil, _ checks: inout Checks
  ) {
    var generator = SeededGenerator(seed: 0x0B1A5)
    let trial = Trial(operation) { Float.random(in: -1...1, using: &generator) }
    var check = BoundCheck(trial, workers: 3, checks)
    check.accuracy = accuracy
    InstructionSet.neon.visitVariants(&check)
    checks = check.checks
  }

  /// NaN, infinities, zeros, the smallest and the largest numbers in each tensor, by variants that sum.
  private static func special(_ problem: ConvolutionProblem, _ checks: inout Checks) {
    var generator = SeededGenerator(seed: 0x5EC1)
    for (index, place) in SpecialValues.Place.allCases.enumerated() {
      let epilogue = Epilogue(hasBias: place == .bias, hasReLU: index % 2 == 0)
      let trial = SpecialValues.trial(
        ConvolutionOperation(problem, epilogue: epilogue), place, &generator)
      var check = BoundCheck(trial, workers: 2, checks)
      check.accuracy = .exact
      InstructionSet.neon.visitVariants(&check)
      checks = check.checks
    }
  }

  private static func deformable(_ checks: inout Checks) {
    let variant = DeformableVariant(.neon)
    for (descriptor, offsetGroups, isModulated) in EdgeProblems.deformable {
      for isExact in [true, false] {
        var generator = SeededGenerator(seed: 0xDEF0)
        func draw(_ limit: Int, _ divisor: Float) -> Float {
          isExact
            ? Float(Int.random(in: -limit...limit, using: &generator)) / divisor
            : Float.random(in: -1...1, using: &generator) * Float(limit) / divisor
        }
        guard
          let trial = try? DeformableTrial(
            descriptor, offsetGroups, isModulated, values: { draw(4, 1) }, offset: { draw(6, 2) },
            factor: { abs(draw(2, 2)) }),
          let plan = try? variant.plan(trial.operation, workers: 2),
          let result = try? trial.compute(variant, plan, workers: 2)
        else { fatalError("cannot prepare \(descriptor)") }
        let reference = trial.reference
        let verification = Verification(
          output: result.output, reference: reference, bound: trial.operation.errorBound,
          shape: trial.problem.outputShape)
        let isRight =
          isExact
          ? result.output == reference.values.map { Float($0) } : verification.outcome == .correct
        checks.expect(isRight, variant.identity.id, descriptor)
        checks.expect(result.isContained, variant.identity.id, descriptor + " wrote elsewhere")
      }
    }
  }

  private static func separable(_ checks: inout Checks) {
    for descriptor in EdgeProblems.separable {
      for (channels, isRectified) in [(1, true), (8, false), (21, true), (64, true)] {
        var generator = SeededGenerator(seed: UInt64(channels))
        guard
          let trial = try? SeparableTrial(
            descriptor, channels: channels, isRectified: isRectified, hasAddend: channels == 21,
            draw: { Float(Int.random(in: -2...2, using: &generator)) })
        else { fatalError("cannot read \(descriptor)") }
        for layout in [Layout.nhwc, .channelBlocked(lanes: InstructionSet.neon.lanes)] {
          let variant = SeparableVariant(.neon, layout: layout)
          guard variant.support(trial.operation) == .supported else { continue }
          guard let result = try? trial.compute(variant, workers: 3) else {
            fatalError("out of memory")
          }
          let text = "\(descriptor) to \(channels)"
          checks.expect(result.output == trial.expected, variant.identity.id, text)
          checks.expect(result.isContained, variant.identity.id, text + " wrote elsewhere")
        }
      }
    }
  }

  /// The loops that measure a machine leave their memory as it was, or compute what they say.
  private static func limits(_ checks: inout Checks) {
    let count = LimitArguments.granule
    guard let buffer = try? AlignedBuffer(count: count, isGuarded: true) else {
      fatalError("out of memory")
    }
    var arguments = LimitArguments(memory: buffer.pointer, floatsPerWorker: count)
    for entry in KernelCatalog.limitKernels(for: [.neon]) {
      for place in 0..<count { buffer.pointer[place] = 0 }
      var expected = [Float](repeating: 0, count: count)
      if entry.family == .streamTriad {
        for place in 0..<count { buffer.pointer[place] = Float(place % 7) }
        expected = (0..<count).map { place in
          guard place < count / 3 else { return Float(place % 7) }
          // The first lanes are zero, one, two and three; so is the vector that scales.
          return Float((count / 3 + place) % 7) + Float(place % 4)
            * Float((2 * count / 3 + place) % 7)
        }
      }
      entry.run(&arguments, 0, 1, 0)
      let isRight = (0..<count).allSatisfy { buffer.pointer[$0] == expected[$0] }
      checks.expect(isRight && buffer.guardsAreIntact, "limits", "of \(entry.family)")
    }
  }
}
