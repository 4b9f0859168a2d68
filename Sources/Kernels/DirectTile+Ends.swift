// SPDX-License-Identifier: Apache-2.0

extension DirectTile {
  /// The sums before the first product.
  @inline(__always)
  static func start(
    _ work: UnsafePointer<DirectWork>, _ bias: Input, _ output: Output
  ) -> Sums {
    let zeros = InlineArray<vectors, Vector>(repeating: Vector())
    var sums = Sums(repeating: InlineArray(repeating: zeros))
    for pixel in 0..<pixels {
      for vector in 0..<vectors {
        let place =
          output + work.pointee.start + pixel &* work.pointee.outputPixel
          + vector &* work.pointee.outputVector
        var sum: Vector
        if !work.pointee.clears {
          sum =
            vector == vectors - 1 && work.pointee.lanes < lanes
            ? load(place, work.pointee.lanes) : load(place)
          if work.pointee.addsBias { sum += load(bias + vector &* vectorBytes) }
        } else if work.pointee.hasBiasPerPixel {
          sum = Vector(repeating: (bias + 4 &* pixel).load(as: Float.self))
        } else {
          sum = load(bias + vector &* vectorBytes)
        }
        sums[unchecked: 0][unchecked: pixel][unchecked: vector] = sum
      }
    }
    return sums
  }

  /// Writes the sums.
  @inline(__always)
  static func finish(
    _ work: UnsafePointer<DirectWork>, _ sums: inout Sums, _ output: Output
  ) {
    // Read once: the stores below could change them for all the compiler knows.
    let (outputPixel, outputVector) = (work.pointee.outputPixel, work.pointee.outputVector)
    let (rectifies, last) = (work.pointee.rectifies, work.pointee.lanes)
    for pixel in 0..<pixels {
      for vector in 0..<vectors {
        var total = sums[unchecked: 0][unchecked: pixel][unchecked: vector]
        for split in 1..<splits {
          total += sums[unchecked: split][unchecked: pixel][unchecked: vector]
        }
        if rectifies { total = rectified(total) }
        let place = output + pixel &* outputPixel + vector &* outputVector
        if vector == vectors - 1 && last < lanes {
          store(total, place, last)
        } else {
          store(total, place)
        }
      }
    }
  }

  /// A sum over its parts.
  @inline(__always)
  static func total(_ sums: borrowing Sums, _ pixel: Int, _ vector: Int) -> Vector {
    var total = sums[unchecked: 0][unchecked: pixel][unchecked: vector]
    for split in 1..<splits {
      total += sums[unchecked: split][unchecked: pixel][unchecked: vector]
    }
    return total
  }
}
