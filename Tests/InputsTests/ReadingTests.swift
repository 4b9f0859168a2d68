// SPDX-License-Identifier: Apache-2.0

import Inputs
import Testing

@Suite("Numbers from outside")
struct ReadingTests {
  @Test(
    "An integer is read only within its range",
    arguments: [
      ("12", 12), ("+12", 12), ("-1", nil), ("0", 0), ("100", 100), ("101", nil), ("", nil),
      ("1.0", nil), ("1e2", nil), (" 1", nil), ("0x10", nil), ("9223372036854775808", nil),
      ("１２", nil), ("nan", nil),
    ])
  func integers(text: String, expected: Int?) {
    #expect(Int(reading: text, in: 0...100) == expected)
  }

  @Test(
    "A Double becomes an integer only where it is whole and within the range",
    arguments: [
      (12.0, 12), (12.5, nil), (-0.0, 0), (Double.nan, nil), (.infinity, nil), (1e300, nil),
      (9_223_372_036_854_775_808, nil), (-1, nil),
    ])
  func wholeNumbers(value: Double, expected: Int?) {
    #expect(Int(reading: value, in: 0...Int.max) == expected)
  }

  @Test(
    "A Double outside the range becomes its nearer end",
    arguments: [
      (12.9, 12), (-12.9, -12), (1e300, Int.max), (.infinity, Int.max), (-.infinity, Int.min),
      (.nan, Int.min), (9_223_372_036_854_775_808, Int.max), (-9_223_372_036_854_775_808, Int.min),
      (9_223_372_036_854_774_784, 9_223_372_036_854_774_784),
    ])
  func clamped(value: Double, expected: Int) {
    #expect(Int(clamping: value, to: Int.min...Int.max) == expected)
  }

  @Test("A clamped Double keeps to a narrow range")
  func narrow() {
    #expect([-5.0, 1.5, 2.5, 3.5, .nan].map { Int(clamping: $0, to: 1...3) } == [1, 1, 2, 3, 1])
    #expect(UInt64(clamping: 1e99, to: 0...UInt64.max) == .max)
    #expect(UInt64(clamping: -1, to: 0...UInt64.max) == 0)
  }

  @Test(
    "A number is read only where it is finite and within its range",
    arguments: [
      ("1.5", 1.5), ("1e-3", 0.001), ("0x10", nil), ("0x1p-3", nil), ("+2.5E0", 2.5),
      ("-0", -0.0), ("nan", nil), ("inf", nil), ("1e999", nil),
      ("-1", nil), ("abc", nil), ("", nil), ("1,5", nil), ("11", nil),
    ])
  func numbers(text: String, expected: Double?) {
    #expect(Double(reading: text, in: 0...10) == expected)
  }
}
