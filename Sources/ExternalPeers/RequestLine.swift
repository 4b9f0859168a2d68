// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// A line from a harness as it arrives, in pieces and of any length.
struct RequestLine {
  /// Longer than any request, paths and all.
  static let longest = 1 << 20

  private var bytes: [UInt8] = []
  private var isEndless = false

  /// Adds a piece; of what is too long nothing is kept.
  mutating func append(_ piece: ArraySlice<UInt8>) {
    isEndless = isEndless || bytes.count + piece.count > Self.longest
    if isEndless { bytes = [] } else { bytes.append(contentsOf: piece) }
  }

  /// Hands over the line and begins the next.
  mutating func take() -> RequestLine {
    defer { self = RequestLine() }
    return self
  }

  /// The request that the line is.
  /// - Throws: `RequestError`.
  func request() throws(RequestError) -> Request {
    guard !isEndless else { throw .endless(bytes: Self.longest) }
    do {
      try JSONNumbers.requireUniqueKeys(bytes)
      return try JSONDecoder().decode(Request.self, from: Data(bytes))
    } catch let error as DecodingError {
      let accepted = ["do": Action.allCases.map(\.rawValue)]
      throw .notUnderstood(
        problem: error.words(accepted: accepted, in: bytes) {
          (try? JSONDecoder().decode(Request.self, from: Data($0))) != nil
        })
    } catch {
      throw .notUnderstood(problem: "no JSON object")
    }
  }
}
