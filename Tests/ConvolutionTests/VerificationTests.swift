// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@Suite("Verification")
struct VerificationTests {
  private let operation: ConvolutionOperation
  private let reference: ReferenceConvolution
  private let correct: [Float]
  private let shape: ActivationShape

  init() throws {
    let problem = try ProblemDescriptor.parse("mb2ic3ih4iw5oc2kh3ph1").problem
    operation = ConvolutionOperation(problem)
    var generator = SeededGenerator(seed: 1)
    let input = (0..<problem.inputShape.count).map { _ in
      Float.random(in: -1...1, using: &generator)
    }
    let filter = (0..<problem.filterCount).map { _ in Float.random(in: -1...1, using: &generator) }
    reference = ReferenceConvolution(
      operation, input: input, weights: Weights(operation, filter: filter))
    correct = reference.values.map { Float($0) }
    shape = problem.outputShape
  }

  private func verify(_ output: [Float], bound: ErrorBound? = nil) -> Verification {
    Verification(
      output: output, reference: reference, bound: bound ?? .summation(operation), shape: shape)
  }

  @Test("The rounded reference is correct, well within the bound")
  func roundedReference() {
    let verification = verify(correct)
    #expect(verification.outcome == .correct)
    #expect(verification.worstErrorShare < 0.5)
    #expect(verification.relativeRMSError < 1e-7)
  }

  @Test("One wrong element among all is found and named")
  func oneWrongElement() {
    var output = correct
    // Image 1, channel 1, row 2, column 3 of 2x2x4x5.
    let place = ((1 * 2 + 1) * 4 + 2) * 5 + 3
    output[place] += 1e-3
    let verification = verify(output)
    #expect(
      verification.outcome
        == .wrong(
          "output[1][1][2][3] is \(output[place]), expected \(reference.values[place])"))
    #expect(verification.worstErrorShare > 1)
  }

  @Test("An element just inside the bound passes, one just outside does not")
  func bound() {
    let bound = ErrorBound(relative: 1e-3)
    for (share, passes) in [(0.99, true), (1.01, false)] {
      var output = correct
      output[7] = Float(reference.values[7] + share * 1e-3 * reference.magnitudes[7])
      #expect((verify(output, bound: bound).outcome == .correct) == passes)
    }
  }

  @Test("With the scale of the largest output, a small output may be off by more than its own sum")
  func largestScale() {
    let largest = reference.magnitudes.max() ?? 0
    var output = correct
    output[0] += Float(0.9e-3 * largest)
    #expect(verify(output, bound: ErrorBound(relative: 1e-3, scale: .largest)).outcome == .correct)
    output[0] += Float(0.2e-3 * largest)
    #expect(verify(output, bound: ErrorBound(relative: 1e-3, scale: .largest)).outcome != .correct)
  }

  @Test("NaN and infinity are wrong, wherever they stand", arguments: [0, 39, 79])
  func notANumber(place: Int) {
    for value in [Float.nan, .infinity, -.infinity] {
      var output = correct
      output[place] = value
      let verification = verify(output)
      guard case .wrong(let text) = verification.outcome else {
        Issue.record("\(value) at \(place) is \(verification.outcome)")
        continue
      }
      #expect(text.contains("is \(value)"))
      #expect(value.isNaN == verification.worstErrorShare.isNaN)
    }
  }

  @Test("What is infinite, NaN or overflows in truth must be so, and nothing else")
  func specialValues() throws {
    let operation = ConvolutionOperation(try ProblemDescriptor.parse("ic2iw1oc1kw1").problem)
    func outcome(_ input: [Float], _ output: Float) -> Bool {
      let reference = ReferenceConvolution(
        operation, input: input, weights: Weights(operation, filter: [1, 1]))
      return Verification(
        output: [output], reference: reference, bound: .summation(operation),
        shape: operation.problem.outputShape, trustsZeros: true
      ).outcome == .correct
    }
    let infinity = Float.infinity
    #expect(outcome([.nan, 1], .nan) && !outcome([.nan, 1], 1) && !outcome([.nan, 1], infinity))
    #expect(outcome([infinity, 1], infinity) && !outcome([infinity, 1], .nan))
    #expect(!outcome([infinity, 1], -infinity) && !outcome([infinity, 1], 3e38))
    #expect(outcome([infinity, -infinity], .nan) && !outcome([infinity, -infinity], infinity))
    #expect(!outcome([1, 2], .nan) && !outcome([1, 2], infinity))
    // The sum is 0, but either product may come first with others that overflow.
    #expect(outcome([3e38, -3e38], 0) && outcome([3e38, -3e38], infinity))
    #expect(outcome([3e38, 3e38], infinity) && !outcome([3e38, 3e38], 3e38))
    // Half of the smallest number may be lost in each product.
    let least = Float.leastNonzeroMagnitude
    #expect(outcome([least, least], 2 * least) && !outcome([least, least], 7 * least))
  }

  @Test("Integers of more bits than a float has are compared to the last one")
  func longIntegers() throws {
    let problem = try ProblemDescriptor.parse("--dt=u8:s8:s32 ic600ih1oc2kh1").problem
    let operation = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true))
    let weights = Weights(
      operation, filter: [Float](repeating: 127, count: problem.filterCount), bias: [0, 1],
      quantization: Quantization(inputZero: 0, outputZero: 0, scales: [1, 1]))
    let reference = ReferenceConvolution(
      operation, input: [Float](repeating: 255, count: 600), weights: weights)
    let sum = 600 * 255 * 127
    #expect(reference.values == [Double(sum), Double(sum + 1)])
    let output = try Activation(problem.outputShape, layout: .nhwc, type: .s32)
    let integers = UnsafeMutableRawPointer(output.buffer.pointer)
      .assumingMemoryBound(to: Int32.self)
    func isCorrect(_ values: [Int]) -> Bool {
      for (place, value) in values.enumerated() { integers[place] = Int32(value) }
      return Verification(
        output: output.exactValues(), reference: reference, bound: .summation(operation),
        shape: problem.outputShape
      ).outcome == .correct
    }
    #expect(isCorrect([sum, sum + 1]))
    for wrong in [[sum + 1, sum + 1], [sum, sum], [sum, sum + 2]] { #expect(!isCorrect(wrong)) }
  }

  @Test("Zeros that agree prove nothing")
  func mistrusted() throws {
    let operation = ConvolutionOperation(try ProblemDescriptor.parse("ic1iw20oc1kw1").problem)
    var input = [Float](repeating: 0, count: 20)
    input[3] = 1
    let weights = Weights(operation, filter: [1])
    let reference = ReferenceConvolution(operation, input: input, weights: weights)
    func outcome(_ reference: ReferenceConvolution) -> Verification.Outcome {
      Verification(
        output: input, reference: reference, bound: .summation(operation),
        shape: operation.problem.outputShape
      ).outcome
    }
    #expect(
      outcome(reference) == .mistrusted("19 of 20 checked outputs that see the image are zero"))
    let nothing = ReferenceConvolution(operation, input: input, weights: weights, at: [])
    #expect(outcome(nothing) == .mistrusted("none of 0 checked outputs sees the image"))
  }

  @Test(
    "Zeros where a kernel sees only padding are held to be zero, and count for nothing",
    arguments: [
      ("mb2ic8ih1oc8oh16kh2ph1", true), ("ic16ih1iw1oc16oh1ow100kh1kw3ph0pw100", true),
      ("ic1ih3oc1kh3sh2ph9dh4", true), ("ic1ih1oc1kh2sh7ph3", false),
    ])
  func padding(descriptor: String, seesImage: Bool) throws {
    let operation = ConvolutionOperation(try ProblemDescriptor.parse(descriptor).problem)
    let problem = operation.problem
    let ones = [Float](repeating: 1, count: problem.inputShape.count)
    let weights = Weights(
      operation, filter: [Float](repeating: 1, count: problem.filterCount))
    let reference = ReferenceConvolution(operation, input: ones, weights: weights)
    // With ones throughout, what sees the image is what is not zero.
    for (place, value) in reference.values.enumerated() {
      #expect(problem.reachesImage(output: place) == (value != 0), "\(descriptor) \(place)")
    }
    let rows = problem.outputsOverImage.rows
    #expect(
      (0..<problem.output.height).allSatisfy { row in
        rows.contains(row)
          || (0..<problem.output.width).allSatisfy {
            !problem.reachesImage(output: row * problem.output.width + $0)
          }
      })
    func outcome(_ output: [Float]) -> Verification.Outcome {
      Verification(
        output: output, reference: reference, bound: .summation(operation),
        shape: problem.outputShape
      ).outcome
    }
    var output = reference.values.map { Float($0) }
    guard seesImage else {
      #expect(
        outcome(output)
          == .mistrusted("none of \(output.count) checked outputs sees the image"))
      return
    }
    #expect(outcome(output) == .correct)
    output[0] += 1
    #expect(outcome(output) != .correct)
  }

  @Test("A zero that should be zero is not an error, any other value there is")
  func expectedZero() throws {
    let operation = ConvolutionOperation(try ProblemDescriptor.parse("ic1iw2oc1kw1").problem)
    let reference = ReferenceConvolution(
      operation, input: [0, 1], weights: Weights(operation, filter: [1]))
    func outcome(_ output: [Float]) -> Verification.Outcome {
      Verification(
        output: output, reference: reference, bound: .summation(operation),
        shape: operation.problem.outputShape
      ).outcome
    }
    #expect(outcome([0, 1]) == .correct)
    #expect(outcome([-0.0, 1]) == .correct)
    #expect(outcome([1e-30, 1]) == .wrong("output[0][0][0][0] is 1e-30, expected 0.0"))
  }

  @Test("Only sampled outputs are compared, and named by their place in the whole")
  func sample() throws {
    let problem = operation.problem
    let input = [Float](repeating: 1, count: problem.inputShape.count)
    let weights = Weights(operation, filter: [Float](repeating: 1, count: problem.filterCount))
    let whole = ReferenceConvolution(operation, input: input, weights: weights)
    let sampled = ReferenceConvolution(operation, input: input, weights: weights, at: [79, 5])
    var output = whole.values.map { Float($0) }
    output[4] = 0
    func outcome() -> Verification.Outcome {
      Verification(
        output: output, reference: sampled, bound: .summation(operation), shape: shape
      ).outcome
    }
    #expect(outcome() == .correct)
    output[79] = 0
    #expect(outcome() == .wrong("output[1][1][3][4] is 0.0, expected \(whole.values[79])"))
  }

  @Test("The bound of plain summation grows with the terms, a bias counted")
  func summationBound() throws {
    let problem = try ProblemDescriptor.parse("g2ic8ih4oc4kh3ph1").problem
    let unit = 0x1p-24
    let terms = 4.0 * 9
    #expect(
      ErrorBound.summation(ConvolutionOperation(problem)).relative
        == terms * unit / (1 - terms * unit))
    #expect(
      ErrorBound.summation(ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true)))
        .relative == (terms + 1) * unit / (1 - (terms + 1) * unit))
  }
}
