// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The input transform Bᵀ·d·B of Winograd convolutions with `points` points in each direction.
///
/// The points are 0, pairs ±a, and ∞ where their number is even. A pair's two rows of Bᵀ differ only
/// in the sign of the odd terms, so both come from one even and one odd sum.
struct WinogradInput<let points: Int> {
  typealias Line = InlineArray<points, Vector>
  typealias Constants = InlineArray<20, Vector>

  @inline(__always) static var vectorBytes: Int { MemoryLayout<Vector>.size }
  @inline(__always) static var pairs: Int { (points - 1) / 2 }
  @inline(__always) static var hasInfinity: Bool { points % 2 == 0 }
  /// Constants of `transform`: the product's coefficients, the points, and each pair's coefficients.
  @inline(__always) static var constantCount: Int { pairs &* (pairs &+ 1) }
  /// Bytes of a tile of one vector of channels.
  @inline(__always) static var tileBytes: Int { points &* points &* vectorBytes }

  /// Transforms the vectors `vectors` of channels of the tiles `first..<end`.
  ///
  /// Two vectors of a tile follow each other, so that cache lines are written whole.
  /// `scratch` has room for two tiles of one vector.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<WinogradArguments>, _ first: Int, _ end: Int, _ firstVector: Int,
    _ endVector: Int, _ transformed: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer
  ) {
    var constants = Constants(repeating: Vector())
    for index in 0..<constantCount {
      constants[unchecked: index] = load(
        arguments.pointee.constants + index &* vectorBytes)
    }
    var vector = firstVector
    while vector < endVector {
      var target = transformed
      var tile = first
      while tile < end {
        var inner = vector
        while inner < min(vector &+ 2, endVector) {
          transform(arguments, arguments.pointee.tiles + tile, inner, constants, target, scratch)
          inner &+= 1
        }
        target += arguments.pointee.transformedTile
        tile &+= 1
      }
      vector &+= 2
    }
  }

  @inline(__always)
  private static func transform(
    _ arguments: UnsafePointer<WinogradArguments>, _ tile: UnsafePointer<WinogradTile>,
    _ vector: Int, _ constants: Constants, _ transformed: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    let isLast = vector == arguments.pointee.inputVectors &- 1
    let offset =
      isLast ? arguments.pointee.lastInputVector : vector &* arguments.pointee.inputVector
    let target =
      transformed
      + (isLast ? arguments.pointee.lastTransformedVector : vector &* vectorBytes)
    let source = arguments.pointee.input + (tile.pointee.input &+ offset)
    let isInside =
      tile.pointee.firstRow <= 0 && tile.pointee.firstColumn <= 0
      && tile.pointee.endRow >= points && tile.pointee.endColumn >= points
    if isInside {
      columns(
        source, arguments.pointee.inputRow, arguments.pointee.inputColumn, constants, scratch)
    } else {
      let patch = scratch + tileBytes
      copy(arguments, tile, source, patch)
      columns(UnsafeRawPointer(patch), points &* vectorBytes, vectorBytes, constants, scratch)
    }
    rows(scratch, constants, target, arguments.pointee.transformedPoint)
  }

  /// Copies the part of a tile that lies in the image, and zeros around it.
  @inline(never)
  private static func copy(
    _ arguments: UnsafePointer<WinogradArguments>, _ tile: UnsafePointer<WinogradTile>,
    _ source: UnsafeRawPointer, _ patch: UnsafeMutableRawPointer
  ) {
    var place = patch
    for _ in 0..<points &* points {
      store(Vector(), place)
      place += vectorBytes
    }
    let columns = Int(tile.pointee.endColumn &- tile.pointee.firstColumn)
    var row = Int(tile.pointee.firstRow)
    while row < Int(tile.pointee.endRow) {
      let first = Int(tile.pointee.firstColumn)
      var from = source + row &* arguments.pointee.inputRow + first &* arguments.pointee.inputColumn
      var to = patch + (row &* points &+ first) &* vectorBytes
      var left = columns
      while left > 0 {
        store(load(from), to)
        from += arguments.pointee.inputColumn
        to += vectorBytes
        left &-= 1
      }
      row &+= 1
    }
  }

  /// Transforms the columns of a tile, into `scratch`.
  @inline(__always)
  private static func columns(
    _ source: UnsafeRawPointer, _ rowStep: Int, _ columnStep: Int, _ constants: Constants,
    _ scratch: UnsafeMutableRawPointer
  ) {
    var source = source
    var target = scratch
    for _ in 0..<points {
      var line = Line(repeating: Vector())
      for row in 0..<points { line[unchecked: row] = load(source + row &* rowStep) }
      let result = transform(line, constants)
      for row in 0..<points {
        store(result[unchecked: row], target + row &* points &* vectorBytes)
      }
      source += columnStep
      target += vectorBytes
    }
  }

  /// Transforms the rows of a tile, each point to its own matrix.
  @inline(__always)
  private static func rows(
    _ scratch: UnsafeMutableRawPointer, _ constants: Constants,
    _ target: UnsafeMutableRawPointer, _ pointStep: Int
  ) {
    var source = UnsafeRawPointer(scratch)
    var target = target
    for _ in 0..<points {
      var line = Line(repeating: Vector())
      for column in 0..<points { line[unchecked: column] = load(source + column &* vectorBytes) }
      let result = transform(line, constants)
      for column in 0..<points {
        store(result[unchecked: column], target)
        target += pointStep
      }
      source += points &* vectorBytes
    }
  }

  /// Bᵀ times a line.
  ///
  /// The constants are those of `WinogradMatrices.constants`.
  @inline(__always)
  private static func transform(_ line: Line, _ constants: Constants) -> Line {
    var result = line
    var zero = line[unchecked: 2 * pairs]
    for power in 0..<pairs {
      zero = multiplyAdd(zero, constant(constants, power), line[unchecked: 2 * power])
    }
    result[unchecked: 0] = zero
    for pair in 0..<pairs {
      var even = line[unchecked: 2 * pairs]
      var odd = line[unchecked: 2 * pairs - 1]
      for power in 0..<pairs - 1 {
        let factor = constant(constants, 2 * pairs + pair * (pairs - 1) + power)
        even = multiplyAdd(even, factor, line[unchecked: 2 * power + 2])
        odd = multiplyAdd(odd, factor, line[unchecked: 2 * power + 1])
      }
      let point = constant(constants, pairs + pair)
      result[unchecked: 2 * pair + 1] = multiplyAdd(even, point, odd)
      result[unchecked: 2 * pair + 2] = multiplySubtract(even, point, odd)
    }
    if hasInfinity {
      var infinity = line[unchecked: points - 1]
      for power in 0..<pairs {
        infinity = multiplyAdd(infinity, constant(constants, power), line[unchecked: 2 * power + 1])
      }
      result[unchecked: points - 1] = infinity
    }
    return result
  }

  @inline(__always)
  private static func constant(_ constants: Constants, _ index: Int) -> Vector {
    constants[unchecked: index]
  }
}
