// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog
import TestSupport
import Testing

/// Every variant of the catalog over every edge problem: a new variant needs no new test code.
@Suite("Conformance of every variant")
struct ConformanceTests {
  static let epilogues = [
    Epilogue(), Epilogue(hasBias: true), Epilogue(hasReLU: true),
    Epilogue(hasBias: true, hasReLU: true),
  ]

  /// Sums are; an output in fewer bits is the sum rounded once.
  @Test(
    "sums of small integers are exact", arguments: EdgeProblems.descriptors, DataType.allCases)
  func integersAreExact(descriptor: String, type: DataType) throws {
    var generator = SeededGenerator(seed: 0x1A2C)
    let problem = try EdgeProblems.problem(descriptor, type)
    for epilogue in Self.epilogues {
      let trial = Trial(ConvolutionOperation(problem, epilogue: epilogue)) {
        Float(Int.random(in: -4...4, using: &generator))
      }
      let expected = trial.expected
      for variant in Catalog.variants where variant.identity.accuracy == .exact {
        guard variant.support(trial.operation, workers: 1) == .supported else { continue }
        let result = try trial.run(variant)
        let message =
          "\(variant.identity.id) \(type) \(descriptor) \(epilogue) seed \(generator.seed)"
        // A library may round integers once more.
        let isLoose = type.arithmetic == .u8s8 && variant.identity.instructionSet == nil
        let difference = Self.firstDifference(result.exact, expected, within: isLoose ? 1 : 0)
        #expect(difference == nil, Comment(rawValue: message))
        #expect(result.isContained, Comment(rawValue: "wrote beside its output: " + message))
      }
    }
  }

  /// Where two outputs differ first, and how; NaN differs from everything.
  private static func firstDifference(
    _ output: [Double], _ expected: [Double], within most: Double
  ) -> String? {
    zip(output, expected).enumerated().first { !(abs($1.0 - $1.1) <= most) }.map {
      "element \($0.offset) is \($0.element.0) instead of \($0.element.1)"
    }
  }

  @Test(
    "random data stays within the variant's bound", arguments: EdgeProblems.descriptors,
    DataType.allCases)
  func randomDataStaysWithinBound(descriptor: String, type: DataType) throws {
    var generator = SeededGenerator(seed: 0x0B1A5)
    let problem = try EdgeProblems.problem(descriptor, type)
    for epilogue in [Epilogue(), Epilogue(hasBias: true)] {
      let trial = Trial(ConvolutionOperation(problem, epilogue: epilogue)) {
        Float.random(in: -1...1, using: &generator)
      }
      let reference = trial.reference
      for variant in Catalog.variants {
        guard variant.support(trial.operation, workers: 3) == .supported else { continue }
        let verification = Verification(
          output: try trial.run(variant, workers: 3).output, reference: reference,
          bound: variant.errorBound(trial.operation), shape: problem.outputShape)
        let isWrong = if case .wrong = verification.outcome { true } else { false }
        #expect(
          !isWrong,
          """
          \(variant.identity.id) \(type) \(descriptor) \(epilogue) seed \(generator.seed): \
          \(verification.outcome)
          """)
      }
    }
  }

  @Test("what a variant cannot compute it refuses with a reason", arguments: Catalog.ids)
  func refusalsHaveReasons(id: String) throws {
    let variant = try Catalog.variant(id)
    var supported = 0
    for descriptor in EdgeProblems.descriptors {
      for type in DataType.allCases {
        let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor, type))
        switch variant.support(operation, workers: 1) {
        case .supported: supported += 1
        case .unsupported(let reason): #expect(!reason.isEmpty, "\(descriptor)")
        }
      }
    }
    // A library may lack an algorithm for this CPU altogether; a kernel of ours may not.
    let isLibrary = variant.identity.instructionSet == nil
    #expect(supported > 0 || isLibrary, "no edge problem tests it")
  }

  @Test("ids are unique") func idsAreUnique() {
    #expect(Set(Catalog.ids).count == Catalog.ids.count)
  }

  @Test("every operation has a variant of ours", arguments: EdgeProblems.descriptors)
  func somethingComputesIt(descriptor: String) throws {
    for type in DataType.allCases where !InstructionSet.available(for: type).isEmpty {
      let operation = ConvolutionOperation(try EdgeProblems.problem(descriptor, type))
      let ours = Catalog.variants.filter {
        $0.identity.instructionSet != nil && $0.support(operation, workers: 1) == .supported
      }
      #expect(
        Set(ours.compactMap(\.identity.instructionSet)).isSuperset(
          of: InstructionSet.available(for: type)), "\(type)")
    }
  }
}
