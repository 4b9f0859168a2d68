// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// A value of a suite file with the way to it, for errors that name it.
struct SuiteNode {
  let file: String
  let keyPath: String
  let value: JSON5Value

  /// Where the value stands.
  var place: SuitePlace {
    SuitePlace(
      file: file, line: value.position.line, column: value.position.column, keyPath: keyPath)
  }

  /// The error that the value is not what is accepted.
  func invalid(accepted: String) -> SuiteError {
    .invalidValue(place: place, value: "\(value)", accepted: accepted)
  }

  /// The value as text.
  func string(accepted: String = "text in quotes") throws(SuiteError) -> String {
    guard case .string(let text) = value.content else { throw invalid(accepted: accepted) }
    return text
  }

  /// The value as a text in which there is something to read.
  func filled(accepted: String = "text in quotes") throws(SuiteError) -> String {
    let text = try string(accepted: accepted)
    guard !text.allSatisfy(\.isWhitespace) else { throw invalid(accepted: accepted) }
    return text
  }

  /// The whole number that the value is, however it is written; nil where it is none.
  var whole: Int? {
    switch value.content {
    case .integer(let number): number
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  /// The value as a positive integer.
  func positive(accepted: String = SuiteNumbers.accepted) throws(SuiteError) -> Int {
    guard let number = whole, SuiteNumbers.counts.contains(number) else {
      throw invalid(accepted: accepted)
    }
    return number
  }

  /// The elements of a list, or the value alone; at most `most`.
  ///
  /// - Throws: `SuiteError` for an empty list, which would be a key that says nothing.
  func elements(
    accepted: String, most: (count: Int, what: String)? = nil
  ) throws(SuiteError) -> [SuiteNode] {
    guard case .array(let values) = value.content else { return [self] }
    guard !values.isEmpty else { throw invalid(accepted: accepted) }
    if let most, values.count > most.count {
      throw .tooMany(place: place, what: most.what, accepted: most.count)
    }
    return values.enumerated().map { place, element in
      SuiteNode(file: file, keyPath: "\(keyPath)[\(place)]", value: element)
    }
  }

  /// Whether the value is a list.
  var isList: Bool { if case .array = value.content { true } else { false } }

  /// Whether the value is an object.
  var isObject: Bool { if case .object = value.content { true } else { false } }

  /// The value as an object of the given keys.
  /// - Throws: `SuiteError` for another type, an unknown key or a key given twice.
  func object(keys accepted: [String]) throws(SuiteError) -> SuiteObject {
    let members = try members(accepted: "an object with \(accepted.joined(separator: ", "))")
    for member in members where !accepted.contains(member.key) {
      throw .unknownKey(place: member.keyPlace, key: member.key, accepted: accepted)
    }
    return SuiteObject(node: self, members: members)
  }

  /// The value as an object of any keys, in order.
  /// - Throws: `SuiteError` for another type or a key given twice.
  func members(accepted: String) throws(SuiteError) -> [SuiteMember] {
    guard case .object(let members) = value.content else { throw invalid(accepted: accepted) }
    var seen: Set<String> = []
    var nodes: [SuiteMember] = []
    for member in members {
      let path = keyPath.isEmpty ? member.key : "\(keyPath).\(member.key)"
      let place = SuitePlace(
        file: file, line: member.position.line, column: member.position.column, keyPath: path)
      guard seen.insert(member.key).inserted else {
        throw .duplicateKey(place: place, key: member.key)
      }
      let node = SuiteNode(file: file, keyPath: path, value: member.value)
      nodes.append(SuiteMember(key: member.key, keyPlace: place, node: node))
    }
    return nodes
  }
}

/// A key of an object of a suite file.
struct SuiteMember {
  let key: String
  let keyPlace: SuitePlace
  let node: SuiteNode
}

/// An object of a suite file whose keys are all known.
struct SuiteObject {
  let node: SuiteNode
  let members: [SuiteMember]

  /// The value of a key, if it is given.
  subscript(key: String) -> SuiteNode? { members.first { $0.key == key }?.node }

  /// The value of a key.
  func required(_ key: String, accepted: String) throws(SuiteError) -> SuiteNode {
    guard let value = self[key] else {
      throw .missingKey(place: node.place, key: key, accepted: accepted)
    }
    return value
  }

  /// The text of a key; empty where it is not given.
  func text(_ key: String) throws(SuiteError) -> String {
    try self[key]?.string() ?? ""
  }
}

/// The numbers that a suite may give outside its descriptors.
enum SuiteNumbers {
  /// How often, and how many: as large as an axis of a tensor.
  static let counts = 1...ConvolutionProblem.largestAxis
  /// The same in words.
  static let accepted = "a whole number from 1 to \(ConvolutionProblem.largestAxis)"

  /// The count that `text` writes.
  static func count(_ text: String, at place: SuitePlace) throws(SuiteError) -> Int {
    guard let number = Int(reading: text, in: counts) else {
      throw .invalidValue(place: place, value: "‘\(text)’", accepted: accepted)
    }
    return number
  }
}
