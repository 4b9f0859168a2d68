// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The output transform Aᵀ·m·A of Winograd convolutions: `outputs` × `outputs` outputs of a tile
/// from its products at `points` × `points` points.
struct WinogradOutput<let points: Int, let outputs: Int> {
  typealias Line = InlineArray<points, Vector>
  typealias Result = InlineArray<outputs, Vector>

  @inline(__always) static var vectorBytes: Int { MemoryLayout<Vector>.size }
  @inline(__always) static var pairs: Int { (points - 1) / 2 }
  @inline(__always) static var hasInfinity: Bool { points % 2 == 0 }

  /// Transforms the tiles `first..<end` of the vectors `firstVector..<endVector`.
  ///
  /// `products` are those of `firstVector`; `scratch` has room for a tile of one vector.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<WinogradArguments>, _ first: Int, _ end: Int, _ firstVector: Int,
    _ endVector: Int, _ products: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer
  ) {
    var source = UnsafeRawPointer(products)
    var tile = first
    while tile < end {
      let place = arguments.pointee.tiles + tile
      var vector = firstVector
      while vector < endVector {
        columns(
          source + (vector &- firstVector) &* vectorBytes, arguments.pointee.productPoint,
          arguments.pointee.constants, scratch)
        rows(arguments, place, vector, scratch)
        vector &+= 1
      }
      source += arguments.pointee.productTile
      tile &+= 1
    }
  }

  /// Transforms the columns of a tile, into `scratch`.
  @inline(__always)
  private static func columns(
    _ products: UnsafeRawPointer, _ pointStep: Int, _ constants: UnsafeRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    var source = products
    var target = scratch
    for _ in 0..<points {
      var line = Line(repeating: Vector())
      for row in 0..<points {
        line[unchecked: row] = load(source + row &* points &* pointStep)
      }
      let result = transform(line, constants)
      for row in 0..<outputs {
        store(result[unchecked: row], target + row &* points &* vectorBytes)
      }
      source += pointStep
      target += vectorBytes
    }
  }

  /// Transforms the rows of a tile and writes the outputs that the image has.
  @inline(__always)
  private static func rows(
    _ arguments: UnsafePointer<WinogradArguments>, _ tile: UnsafePointer<WinogradTile>,
    _ vector: Int, _ scratch: UnsafeMutableRawPointer
  ) {
    let isCut =
      vector == arguments.pointee.outputVectors &- 1
      && arguments.pointee.lastLanes < Vector.scalarCount
    let bias = load(arguments.pointee.bias + vector &* vectorBytes)
    let columnStep = arguments.pointee.outputColumn
    var target =
      arguments.pointee.output
      + (tile.pointee.output &+ vector &* arguments.pointee.outputVector)
    var source = UnsafeRawPointer(scratch)
    var left = tile.pointee.rows
    while left > 0 {
      var line = Line(repeating: Vector())
      for column in 0..<points { line[unchecked: column] = load(source + column &* vectorBytes) }
      let result = transform(line, arguments.pointee.constants)
      for column in 0..<outputs where column < Int(tile.pointee.columns) {
        var value = result[unchecked: column] + bias
        if arguments.pointee.hasReLU { value = rectified(value) }
        if isCut {
          store(value, target + column &* columnStep, arguments.pointee.lastLanes)
        } else {
          store(value, target + column &* columnStep)
        }
      }
      source += points &* vectorBytes
      target += arguments.pointee.outputRow
      left &-= 1
    }
  }

  /// Aᵀ times a line.
  ///
  /// The constants are those of `WinogradMatrices.constants`.
  @inline(__always)
  private static func transform(_ line: Line, _ constants: UnsafeRawPointer) -> Result {
    let first = WinogradInput<points>.constantCount
    var result = Result(repeating: Vector())
    for output in 0..<outputs {
      var sum = Vector()
      if output == 0 { sum = line[unchecked: 0] }
      if output == outputs - 1, hasInfinity { sum = line[unchecked: points - 1] }
      for pair in 0..<pairs {
        let plus = line[unchecked: 2 * pair + 1]
        let minus = line[unchecked: 2 * pair + 2]
        let both = output % 2 == 0 ? plus + minus : plus - minus
        if output == 0 {
          sum += both
        } else {
          let index = first + (output - 1) * pairs + pair
          let factor = load(constants + index &* vectorBytes)
          sum =
            output < outputs - 1 && pair == 0 || !hasInfinity && pair == 0
            ? factor * both : multiplyAdd(sum, factor, both)
        }
      }
      result[unchecked: output] = sum
    }
    return result
  }
}
