// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@testable import Measuring

@Suite("The tensors of a case")
struct CaseDataTests {
  private func suiteCase() throws -> SuiteCase {
    SuiteCase(
      name: "x", steps: [try ProblemDescriptor.parse("ic3ih5oc4kh3")],
      epilogue: Epilogue(hasBias: true))
  }

  @Test("are the same for the same seed and others for another")
  func reproducible() throws {
    let first = try CaseData(try suiteCase(), seed: 7)
    let again = try CaseData(try suiteCase(), seed: 7)
    let other = try CaseData(try suiteCase(), seed: 8)
    #expect(first.input == again.input)
    #expect(first.weights[0].filter == again.weights[0].filter)
    #expect(first.input != other.input)
  }

  @Test("lie in [−1, 1) and are not all alike")
  func range() throws {
    let data = try CaseData(try suiteCase(), seed: 1)
    #expect(data.input.count == 75)
    #expect(data.input.allSatisfy { $0 >= -1 && $0 < 1 })
    #expect(Set(data.input).count > 70)
    #expect(data.weights[0].bias.count == 4)
  }
}

@Suite("The sample of a large problem's outputs")
struct ReferenceSampleTests {
  @Test("has the corners of every channel of the first and last image, each output once")
  func corners() throws {
    let problem = try ProblemDescriptor.parse("mb3ic64ih40oc48kh3ph1").problem
    let indices = ReferenceCache.sampledOutputs(problem)
    #expect(Set(indices).count == indices.count)
    #expect(indices.count >= 4096)
    let area = 1600
    for image in [0, 2] {
      for channel in 0..<48 {
        let plane = (image * 48 + channel) * area
        for corner in [0, 39, area - 40, area - 1] { #expect(indices.contains(plane + corner)) }
      }
    }
    #expect(indices.allSatisfy { $0 >= 0 && $0 < 3 * 48 * area })
  }
}
