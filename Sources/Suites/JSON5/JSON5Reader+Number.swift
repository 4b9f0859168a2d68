// SPDX-License-Identifier: Apache-2.0

internal import Inputs

extension JSON5Reader {
  /// Reads a number: decimal, hexadecimal, `Infinity` or `NaN`, with or without a sign.
  mutating func number() throws(SuiteError) -> JSON5Value.Content {
    let start = index
    let isNegative = current == "-"
    if isNegative || current == "+" { index += 1 }
    let digitsStart = index
    while let scalar = current, continuesNumber(scalar, from: digitsStart) { index += 1 }
    let digits = String(String.UnicodeScalarView(scalars[digitsStart..<index]))
    if let content = Self.content(digits, isNegative: isNegative) { return content }
    let found = digits.isEmpty ? nil : "‘\(isNegative ? "-" : "")\(digits)’"
    guard Self.isDecimal(digits), let found else {
      throw malformed(at: start, found: found, accepted: "a number")
    }
    let place = position(start)
    throw .invalidValue(
      place: SuitePlace(
        file: file, line: place.line, column: place.column, keyPath: path.joined()),
      value: found, accepted: "a number up to \(Double.greatestFiniteMagnitude)")
  }

  /// Takes everything that touches the number, so that `1x` is an error and not a 1.
  private func continuesNumber(_ scalar: Unicode.Scalar, from start: Int) -> Bool {
    if scalar == "." || Self.continuesIdentifier(scalar, isFirst: false) { return true }
    guard scalar == "+" || scalar == "-", index > start else { return false }
    let isHexadecimal =
      index > start + 1 && (scalars[start + 1] == "x" || scalars[start + 1] == "X")
    return !isHexadecimal && (scalars[index - 1] == "e" || scalars[index - 1] == "E")
  }

  private static func content(_ digits: String, isNegative: Bool) -> JSON5Value.Content? {
    let sign = isNegative ? "-" : ""
    if digits == "Infinity" { return .number(isNegative ? -.infinity : .infinity) }
    if digits == "NaN" { return .number(.nan) }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      let hexadecimal = digits.dropFirst(2)
      guard !hexadecimal.isEmpty, hexadecimal.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
        return nil
      }
      if let value = Int(sign + hexadecimal, radix: 16) { return .integer(value) }
      return Double("\(sign)0x\(hexadecimal)").flatMap { $0.isFinite ? .number($0) : nil }
    }
    guard isDecimal(digits) else { return nil }
    if let value = Int(reading: sign + digits, in: Int.min...Int.max) { return .integer(value) }
    // One that no Double holds is none, as `1e999`.
    guard let value = Double(reading: sign + digits, in: Double.everyFinite) else { return nil }
    // `1e2` is an integer; `1.0` stays as it is written, since names are made of numbers.
    if !digits.contains("."), let whole = Int(exactly: value) { return .integer(whole) }
    return .number(value)
  }

  /// `12`, `12.`, `.5`, `1.5e-3`; no leading zeros.
  private static func isDecimal(_ digits: String) -> Bool {
    var rest = Substring(digits)
    let whole = takeDigits(&rest)
    var fraction = 0
    if rest.first == "." {
      rest.removeFirst()
      fraction = takeDigits(&rest)
    }
    guard whole + fraction > 0, whole <= 1 || digits.first != "0" else { return false }
    guard rest.first == "e" || rest.first == "E" else { return rest.isEmpty }
    rest.removeFirst()
    if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
    return takeDigits(&rest) > 0 && rest.isEmpty
  }

  private static func takeDigits(_ text: inout Substring) -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text.removeFirst(digits.count)
    return digits.count
  }
}
