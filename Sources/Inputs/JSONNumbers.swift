// SPDX-License-Identifier: Apache-2.0

/// The numbers of a JSON text with the keys they stand at, and the keys that are given twice.
///
/// Foundation refuses a whole text because of one number that its key does not take, and keeps to
/// itself which one it is; of two values of one key it takes one in silence.
public struct JSONNumbers {
  private struct Number {
    let range: Range<Int>
    let key: String
  }

  private let bytes: [UInt8]
  private var numbers: [Number] = []
  /// The way to what is read next: keys, and places in lists.
  private var path: [Step] = []
  /// The keys so far of each object that is open.
  private var seen: [Set<String>] = []
  /// The way to the first key that its object already had.
  private var doubled: [Step]?

  private enum Step {
    case key(String)
    case place(Int)
  }

  /// A text of more numbers that may be refused is not searched.
  private static let mostSuspects = 1000

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var index = 0
    while index < bytes.count { take(&index) }
  }

  /// Refuses a text of which an object has a key twice.
  /// - Throws: `DecodingError.dataCorrupted` with the way to the key.
  public static func requireUniqueKeys(_ bytes: some Collection<UInt8>) throws(DecodingError) {
    guard let path = Self(Array(bytes)).doubled else { return }
    throw .dataCorrupted(
      DecodingError.Context(
        codingPath: path.map { JSONKey($0) }, debugDescription: "the key is given twice"))
  }

  /// A step as a key of a decoding error.
  private struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ step: Step) {
      switch step {
      case .key(let key): (stringValue, intValue) = (key, nil)
      case .place(let place): (stringValue, intValue) = ("\(place)", place)
      }
    }

    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
  }

  /// Looks for the number that a reader refuses.
  /// - Parameters:
  ///   - bytes: The text.
  ///   - isRead: Whether the reader takes a text.
  /// - Returns: its key, its value and what is accepted; nil where no number is at fault.
  public static func refused(in bytes: [UInt8], by isRead: ([UInt8]) -> Bool) -> String? {
    let text = Self(bytes)
    let suspects = text.numbers.filter { text.isSuspect($0) }
    let zeros = Dictionary(uniqueKeysWithValues: suspects.map { ($0.range.lowerBound, "0") })
    guard !suspects.isEmpty, suspects.count <= mostSuspects, isRead(text.replacing(zeros)) else {
      return nil
    }
    for number in suspects {
      var others = zeros
      others[number.range.lowerBound] = nil
      guard !isRead(text.replacing(others)) else { continue }
      others[number.range.lowerBound] = "0.5"
      let accepted =
        isRead(text.replacing(others))
        ? "a number up to \(Double.greatestFiniteMagnitude)" : "a whole number up to \(Int.max)"
      let value = String(decoding: bytes[number.range], as: UTF8.self)
      return "‘\(number.key)’ is \(value.prefix(longestShown)); accepted is \(accepted)"
    }
    return nil
  }

  private static let longestShown = 100

  /// Whether a key of numbers may refuse it: whole ones of up to nine digits are taken everywhere.
  private func isSuspect(_ number: Number) -> Bool {
    number.range.count > 9
      || bytes[number.range].contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// The text with other numbers at some places.
  private func replacing(_ others: [Int: String]) -> [UInt8] {
    var result: [UInt8] = []
    var end = 0
    for number in numbers {
      guard let other = others[number.range.lowerBound] else { continue }
      result += bytes[end..<number.range.lowerBound] + Array(other.utf8)
      end = number.range.upperBound
    }
    return result + bytes[end...]
  }

  /// Reads a token; what is no JSON is somebody else's business.
  private mutating func take(_ index: inout Int) {
    let start = index
    index += 1
    switch bytes[start] {
    case UInt8(ascii: "{"): open(.key(""))
    case UInt8(ascii: "["): open(.place(0))
    case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = (path.popLast(), seen.popLast())
    case UInt8(ascii: ","):
      if case .place(let place)? = path.last { path[path.count - 1] = .place(place + 1) }
    case UInt8(ascii: "\""):
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
        index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      let text = String(decoding: bytes[start + 1..<min(index, bytes.count)], as: UTF8.self)
      index += 1
      if case .key? = path.last, isKey(at: index) { takeKey(Self.unescaped(text)) }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      while index < bytes.count, Self.inNumber.contains(bytes[index]) { index += 1 }
      numbers.append(Number(range: start..<index, key: key))
    default: break
    }
  }

  private mutating func open(_ step: Step) {
    path.append(step)
    seen.append([])
  }

  private mutating func takeKey(_ key: String) {
    path[path.count - 1] = .key(key)
    let isNew = seen[seen.count - 1].insert(key).inserted
    if !isNew, doubled == nil { doubled = path }
  }

  /// A key with characters in the place of their escapes; as it is written where it has a pair of them.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    let short: [Character: String] = ["b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t"]
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "\\", let escaped = rest.popFirst() else {
        result.append(character)
        continue
      }
      guard escaped == "u" else {
        result += short[escaped] ?? String(escaped)
        continue
      }
      guard let scalar = UInt32(rest.prefix(4), radix: 16).flatMap(Unicode.Scalar.init) else {
        return text
      }
      result.unicodeScalars.append(scalar)
      rest = rest.dropFirst(4)
    }
    return result
  }

  private static let inNumber = Set("+-.0123456789".utf8).union("eE".utf8)

  /// Whether a colon follows.
  private func isKey(at index: Int) -> Bool {
    index < bytes.count
      && bytes[index...].first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: ":")
  }

  private var key: String {
    path.reduce("") { text, step in
      switch step {
      case .key(let key): text.isEmpty ? key : "\(text).\(key)"
      case .place(let place): "\(text)[\(place)]"
      }
    }
  }
}
