// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Suites

/// What a decoder accepts as text of the format, whatever it says; numbers are not looked at.
private struct Anything: Decodable {
  init(from decoder: any Decoder) {}
}

@Suite("The JSON5 reader")
struct JSON5ReaderTests {
  /// A value as plain JSON, in the order of the text.
  private static func plain(_ value: JSON5Value) -> String {
    switch value.content {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value.debugDescription
    case .array(let values): "[\(values.map(plain).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\($0.key):\(plain($0.value))" }.joined(separator: ","))}"
    }
  }

  @Test(
    "What the format allows is read",
    arguments: [
      ("null", "null"), ("true", "true"), ("[]", "[]"), ("{}", "{}"),
      ("[1, 2,]", "[1,2]"), ("{b: 1, 'a': 2, \"c d\": 3,}", "{b:1,a:2,c d:3}"),
      ("{$a_1: 1, ünï: 2}", "{$a_1:1,ünï:2}"),
      ("// first\n[1 /* two */, /**/ 3] // last", "[1,3]"), ("/* a ** b */ 1", "1"),
      ("\u{FEFF}\t\u{A0} 1", "1"),
      (
        "[0, -7, +7, 0x1F, -0x10, .5, 5., 1.5e3, 1E-2, -0]", "[0,-7,7,31,-16,0.5,5.0,1500.0,0.01,0]"
      ),
      ("[1e0, -2E+3, 0e9, 1e-1, 1e20]", "[1,-2000,0,0.1,1e+20]"),
      (#"{\u0061b: 1, a\u0062c: 2}"#, "{ab:1,abc:2}"),
      ("[Infinity, -Infinity, +Infinity]", "[inf,-inf,inf]"), ("NaN", "nan"), ("-NaN", "nan"),
      ("9223372036854775807", "9223372036854775807"),
      ("9223372036854775808", "9.223372036854776e+18"),
      ("'it'", "\"it\""), (#"'say "hi"'"#, #""say \"hi\"""#), (#""it's""#, #""it\'s""#),
      (#""\n\t\\\"\'\/\q\x41\u00e9\0""#, #""\n\t\\\"\'/qAé\0""#),
      (#""\ud83d\ude00""#, "\"😀\""), ("'a\\\nb\\\r\nc'", "\"abc\""),
    ])
  func accepted(text: String, plain: String) throws {
    #expect(Self.plain(try JSON5Reader.read(text, file: "f")) == plain)
  }

  @Test(
    "What it does not allow is refused with line and column",
    arguments: [
      ("", 1, 1, "the end of the file", "a value"),
      ("  \n  ", 2, 3, "the end of the file", "a value"),
      ("{\n  a: 1\n  b: 2 }", 3, 3, "‘b’", "‘,’ or ‘}’"),
      ("[1 2]", 1, 4, "‘2’", "‘,’ or ‘]’"), ("[1", 1, 3, "the end of the file", "‘,’ or ‘]’"),
      ("{a 1}", 1, 4, "‘1’", "‘:’ after the key a"), ("{1: 2}", 1, 2, "‘1’", "a key, or ‘}’"),
      ("{,}", 1, 2, "‘,’", "a key, or ‘}’"), ("[,]", 1, 2, "‘,’", "a value"),
      (#"{\u0020: 1}"#, 1, 2, "an escape of ‘ ’", "a character of a name"),
      (#"{a\x62: 1}"#, 1, 3, "‘\\’", "\\uHHHH in a name"),
      ("{a: quick}", 1, 5, "‘quick’", "a value; text stands in quotes"),
      ("1 2", 1, 3, "‘2’", "the end of the file"),
      ("[1] // ok\n}", 2, 1, "‘}’", "the end of the file"),
      ("[\n 'abc\n]", 2, 2, "a string without end", "' at its end"),
      ("\"abc", 1, 1, "a string without end", "\" at its end"),
      (#"["\u12"]"#, 1, 3, "an escape without its digits", "4 hexadecimal digits"),
      (#""\xg0""#, 1, 2, "an escape without its digits", "2 hexadecimal digits"),
      (#""\ud83d""#, 1, 2, "half a surrogate pair", "its second half"),
      (#""\ude00""#, 1, 2, "half a surrogate pair", "a character"),
      (#""\1""#, 1, 2, "‘\\1’", "\\xHH or \\uHHHH"),
      ("[1, /* two]", 1, 5, "a comment without end", "*/ at its end"),
      ("[1, / 2]", 1, 5, "‘/’", "a comment, which begins with // or /*"),
      ("012", 1, 1, "‘012’", "a number"), ("1x", 1, 1, "‘1x’", "a number"),
      ("0x", 1, 1, "‘0x’", "a number"), ("-", 1, 1, "‘-’", "a number"),
      (".", 1, 1, "‘.’", "a number"),
      ("1e", 1, 1, "‘1e’", "a number"), ("1.2.3", 1, 1, "‘1.2.3’", "a number"),
      ("0x1.8", 1, 1, "‘0x1.8’", "a number"),
      ("--1", 1, 1, "‘-’", "a number"),
      (
        String(repeating: "[", count: 100), 1, 65, "‘[’",
        "at most 64 lists and objects inside each other"
      ),
      ("a\r\nb", 1, 1, "‘a’", "a value; text stands in quotes"),
      ("\r\n\r?", 3, 1, "‘?’", "a value"),
    ])
  func refused(text: String, line: Int, column: Int, found: String, accepted: String) {
    let error = #expect(throws: SuiteError.self) { _ = try JSON5Reader.read(text, file: "f") }
    let place = SuitePlace(file: "f", line: line, column: column, keyPath: "")
    #expect(error == .malformed(place: place, found: found, accepted: accepted))
  }

  @Test(
    "Foundation's reader accepts and refuses the same",
    arguments: [
      "{a: 1, 'b': [1,], \"c\": .5}", "[0x1F, +1, -1, Infinity]", "// c\n1", "/* c */ [1]",
      "'a\\\nb'",
      "[1 2]", "{a 1}", "[,]", "'abc", "\"\\u12\"", "/* c", "{1: 2}", "[1]]", "",
    ])
  func agreesWithFoundation(text: String) {
    let ours = (try? JSON5Reader.read(text, file: "f")) != nil
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let theirs = (try? decoder.decode(Anything.self, from: Data(text.utf8))) != nil
    #expect(ours == theirs)
  }

  @Test("Every value knows where it begins")
  func positions() throws {
    let value = try JSON5Reader.read("{\n  a: [1,\n      { b: 'x' }],\n}", file: "f")
    guard case .object(let members) = value.content,
      case .array(let elements) = members[0].value.content,
      case .object(let inner) = elements[1].content
    else {
      Issue.record("not read as written")
      return
    }
    #expect(members[0].position == TextPosition(line: 2, column: 3))
    #expect(members[0].value.position == TextPosition(line: 2, column: 6))
    #expect(elements[1].position == TextPosition(line: 3, column: 7))
    #expect(inner[0].value.position == TextPosition(line: 3, column: 12))
  }
}
