// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Where the vectors of positions of bands write, and which of their lanes.
struct PlanePositions {
  /// The vectors of bands of each height, one after the other.
  private(set) var vectors: [PlaneVector] = []
  /// Lists of lanes, each of a whole vector.
  private(set) var lists: [Int32] = []
  private var starts: [Int: Int] = [:]
  private let lanes: Int
  private let pitch: Int
  private let columns: Int

  /// Nothing yet; rows of `columns` outputs `pitch` positions apart.
  init(lanes: Int, pitch: Int, columns: Int) {
    self.lanes = lanes
    self.pitch = pitch
    self.columns = columns
  }

  /// The first vector of a band of `rows` rows, which is added where there is none yet.
  mutating func append(rows: Int) -> Int {
    if let start = starts[rows] { return start }
    let start = vectors.count
    starts[rows] = start
    let positions = (rows - 1) * pitch + columns
    var output = 0
    for first in stride(from: 0, to: positions, by: lanes) {
      let chosen = (first..<min(first + lanes, positions)).filter { $0 % pitch < columns }
      let isFollowed = output + lanes <= rows * columns
      vectors.append(
        PlaneVector(
          output: output * ElementType.f32.bytes, valid: chosen.count,
          written: isFollowed ? lanes : chosen.count, lanes: list(chosen.map { $0 - first })))
      output += chosen.count
    }
    return start
  }

  /// Where the list that begins with `chosen` starts, in bytes.
  private mutating func list(_ chosen: [Int]) -> Int {
    var list = chosen.map { Int32($0) }
    list += [Int32](repeating: 0, count: lanes - list.count)
    let size = lanes * MemoryLayout<Int32>.stride
    for place in 0..<lists.count / lanes
    where list.indices.allSatisfy({ lists[place * lanes + $0] == list[$0] }) {
      return place * size
    }
    lists += list
    return (lists.count / lanes - 1) * size
  }
}
