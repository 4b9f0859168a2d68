// SPDX-License-Identifier: Apache-2.0

import Comparing
import Statistics
import Testing

@testable import Gating

@Suite("The search for the commit that slowed something down")
struct BisectionTests {
  private func search(
    count: Int = 33, culprit: Int, unknown: Set<Int> = [], wrong: Set<Int> = [],
    steps: Set<Int> = [], asked: ((Int) -> Void)? = nil
  ) throws -> Bisection.Outcome {
    try Bisection(
      count: count,
      judge: { place in
        asked?(place)
        if unknown.contains(place) { return .unknown("not built") }
        return (place >= culprit) != wrong.contains(place) ? .slow : .fast
      },
      isSlower: { place, before in
        steps.contains(place)
          ? .unknown("undecided")
          : place >= culprit && before < culprit ? .slow : .fast
      }
    ).run()
  }

  @Test("Each of 32 commits is found, in five or six measurements", arguments: 1...32)
  func everyPlace(culprit: Int) throws {
    var asked = 0
    let outcome = try search(culprit: culprit) { place in
      asked += 1
      #expect((1...31).contains(place))
    }
    #expect(outcome == .found(culprit))
    #expect(asked <= 6)
  }

  @Test("Two commits need no search, but a measurement")
  func neighbours() throws {
    #expect(try search(count: 2, culprit: 1) == .found(1))
    guard case .unknown(0, 1, "undecided") = try search(count: 2, culprit: 1, steps: [1]) else {
      Issue.record("an undecided end is no find")
      return
    }
  }

  @Test("What cannot be judged is passed over; around the culprit it is said")
  func unknown() throws {
    #expect(try search(culprit: 20, unknown: [16, 17, 8]) == .found(20))
    let outcome = try search(culprit: 20, unknown: [19, 20, 21])
    guard case .unknown(let fast, let slow, let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(fast == 18 && slow == 22)
    #expect(reason == "3 commits cannot be judged (not built)")
  }

  @Test("A wrong turn ends with a doubt and never with a wrong commit")
  func wrongTurns() throws {
    var generator = SplitMix64(seed: 17)
    var doubts = 0
    for _ in 0..<500 {
      let culprit = 1 + generator.index(below: 32)
      let wrong = Set((0..<3).map { _ in 1 + generator.index(below: 31) })
      switch try search(culprit: culprit, wrong: wrong) {
      case .found(let place): #expect(place == culprit, "\(wrong)")
      case .unknown: doubts += 1
      }
    }
    #expect(doubts > 50)
  }

  @Test("Gates on a made-up machine find 3 % among 32 commits ten times, and name no wrong commit")
  func simulatedGates() throws {
    var generator = SplitMix64(seed: 32)
    var seed: UInt64 = 0
    for _ in 0..<10 {
      let culprit = 1 + generator.index(below: 32)
      func judgement(_ place: Int, _ base: Int) throws -> Bisection.Judgement {
        seed += 1
        let slowdown = place >= culprit && base < culprit ? 0.03 : 0
        let result = try SimulatedMachine.gate(
          .init(sd: 0.015), slowdowns: [slowdown], cases: 1, seed: seed)
        switch result.cases[0].verdict {
        case "slower": return .slow
        case "same", "faster": return .fast
        default: return .unknown("undecided")
        }
      }
      let outcome = try Bisection(
        count: 33, judge: { try judgement($0, 0) }, isSlower: judgement
      ).run()
      #expect(outcome == .found(culprit))
    }
  }

  @Test("Functions of a disassembly are compared without addresses")
  func functions() {
    let first = """

      a.o:     file format elf64-x86-64


      Disassembly of section .text:

      0000000000000000 <one>:
         0:\tpush   %rbp
         1:\tjmp    7 <one+0x7>
         3:\tcall   8 <one+0x8>
      \t\t\t4: R_X86_64_PLT32\tmalloc-0x4

      0000000000000010 <two>:
        10:\tret
      """
    let moved = first.replacing("  0:", with: " 40:").replacing("  1:", with: " 41:")
      .replacing("jmp    7", with: "jmp    47").replacing("  3:", with: " 43:")
      .replacing("\t4: R_", with: "\t44: R_").replacing("call   8", with: "call   48")
    let other = first.replacing("malloc", with: "calloc")
    let functions = FunctionDifference.functions(in: first)
    #expect(functions.keys.sorted() == ["one", "two"])
    #expect(functions == FunctionDifference.functions(in: moved))
    let changed = FunctionDifference.functions(in: other)
    #expect(changed["two"] == functions["two"] && changed["one"] != functions["one"])
    #expect(functions["one"]?.contains("jmp    <one+0x7>") == true, "\(functions)")
  }
}
