// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A function of each element; the loop is compiled once for each function.
enum PointKernel {
  /// Executes tasks, each one row of one plane; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: PointArguments.self)
    switch arguments.pointee.function {
    case .clip(let least, let most):
      rows(
        arguments, first, end,
        Clip(least: Vector(repeating: least), most: Vector(repeating: most)))
    case .leakyReLU(let slope):
      rows(arguments, first, end, LeakyReLU(slope: Vector(repeating: slope)))
    case .hardSigmoid(let slope, let offset):
      rows(
        arguments, first, end,
        HardSigmoid(slope: Vector(repeating: slope), offset: Vector(repeating: offset)))
    case .hardSwish: rows(arguments, first, end, HardSwish())
    case .swish: rows(arguments, first, end, Swish())
    case .tanh: rows(arguments, first, end, HyperbolicTangent())
    case .erf: rows(arguments, first, end, ErrorFunction())
    case .gelu: rows(arguments, first, end, Gelu())
    case .squareRoot: rows(arguments, first, end, SquareRoot())
    case .absolute: rows(arguments, first, end, Absolute())
    case .mish: rows(arguments, first, end, Mish())
    }
  }

  @inline(__always)
  private static func rows(
    _ arguments: UnsafePointer<PointArguments>, _ first: Int, _ end: Int,
    _ function: some LaneFunction
  ) {
    RowLoop(arguments.pointee.tasks).run(first, end) { image, plane, row, valid in
      var input =
        arguments.pointee.input + arguments.pointee.inputSteps.offset(image, plane, row)
      var output =
        arguments.pointee.output + arguments.pointee.outputSteps.offset(image, plane, row)
      let length = arguments.pointee.tasks.length
      var pixel = 0
      while pixel < arguments.pointee.tasks.pixels {
        RowLoop.channels(length, valid, output) { place, count in
          function(count == Vector.scalarCount ? load(input + place) : load(input + place, count))
        }
        input += arguments.pointee.inputSteps.pixel
        output += arguments.pointee.outputSteps.pixel
        pixel &+= 1
      }
    }
  }
}

/// A function of each lane.
///
/// A type for each: closures were called for every vector, sixteen lanes in four registers, which made
/// a hard swish ten times as long.
private protocol LaneFunction {
  func callAsFunction(_ x: Vector) -> Vector
}

private struct Clip: LaneFunction {
  let least, most: Vector
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { clipped(x, least, most) }
}

private struct LeakyReLU: LaneFunction {
  let slope: Vector
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: x * slope, where: x .< Vector())
  }
}

private struct HardSigmoid: LaneFunction {
  let slope, offset: Vector
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    clipped(multiplyAdd(offset, x, slope), Vector(), Vector(repeating: 1))
  }
}

private struct HardSwish: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let (sixth, half) = (Vector(repeating: 1 / 6), Vector(repeating: 0.5))
    return x * clipped(multiplyAdd(half, x, sixth), Vector(), Vector(repeating: 1))
  }
}

private struct Swish: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x / (Vector(repeating: 1) + exponential(Vector() - x))
  }
}

private struct HyperbolicTangent: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { hyperbolicTangent(x) }
}

private struct ErrorFunction: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { errorFunction(x) }
}

private struct Gelu: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let (half, root) = (Vector(repeating: 0.5), Vector(repeating: 0.7071067811865476))
    return x * multiplyAdd(half, half, errorFunction(x * root))
  }
}

private struct SquareRoot: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x.squareRoot() }
}

private struct Absolute: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: Vector() - x, where: x .< Vector())
  }
}

/// `x · tanh(ln(1 + eˣ))`, with `n = eˣ`: `x · (n² + 2n) / (n² + 2n + 2)`.
private struct Mish: LaneFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let two = Vector(repeating: 2)
    // From 20 on it is `x` to the last bit.
    let power = exponential(clipped(x, Vector(repeating: -87), Vector(repeating: 20)))
    let product = power * (power + two)
    return x * (product / (product + two))
  }
}

/// The loops over rows and channels that kernels between convolutions share.
struct RowLoop {
  private let tasks: RowTasks

  @inline(__always)
  init(_ tasks: RowTasks) { self.tasks = tasks }

  /// Visits tasks: image, plane of the image, row, and how many channels of a pixel are no padding.
  @inline(__always)
  func run(_ first: Int, _ end: Int, _ visit: (Int, Int, Int, Int) -> Void) {
    var task = first
    while task < end {
      let plane = task / tasks.rows
      let row = task &- plane &* tasks.rows
      let image = plane / tasks.planes
      let own = plane &- image &* tasks.planes
      visit(image, own, row, own == tasks.planes &- 1 ? tasks.lastLength : tasks.length)
      task &+= 1
    }
  }

  /// Writes the channels of a pixel, what `value` gives for the vector of `count` lanes at a place;
  /// behind the first `valid` channels zeros.
  @inline(__always)
  static func channels(
    _ length: Int, _ valid: Int, _ output: UnsafeMutablePointer<Float>,
    _ value: (_ place: Int, _ count: Int) -> Vector
  ) {
    let lanes = Vector.scalarCount
    var place = 0
    while place &+ lanes <= valid {
      store(value(place, lanes), output + place)
      place &+= lanes
    }
    while place < length {
      let left = length &- place
      let count = valid > place ? valid &- place : 0
      let some = count < lanes ? count : lanes
      let isPadding = laneNumbers .>= Vector(repeating: Float(some))
      let result = value(place, some).replacing(with: Vector(), where: isPadding)
      if left >= lanes {
        store(result, output + place)
      } else {
        store(result, output + place, left)
      }
      place &+= lanes
    }
  }
}

extension PixelSteps {
  /// Where a row begins.
  @inline(__always)
  func offset(_ image: Int, _ plane: Int, _ row: Int) -> Int {
    image &* self.image &+ plane &* self.plane &+ row &* self.row
  }
}
