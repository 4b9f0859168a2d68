// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// `eˣ` of each element over the sum of those of its pixel.
enum SoftmaxKernel {
  /// Executes tasks, each one row of an image; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    PixelLoop.run(context, first, end) { pixel in
      let lowest = Vector(repeating: -.infinity)
      let largest = pixel.merge(lowest, padding: lowest) { most, value in
        // A NaN is not above anything, and so taken here; once there, it stays.
        let isKept = (most .>= value) .| (most .!= most)
        return value.replacing(with: most, where: isKept)
      }
      var most = largest[0]
      for lane in 1..<Vector.scalarCount {
        most = most >= largest[lane] || most != most ? most : largest[lane]
      }
      let shift = Vector(repeating: most)
      pixel.write { exponential($0 - shift) }
      let powers = sum(of: pixel.ofOutput.merge(Vector(), padding: Vector()) { $0 + $1 })
      let total = Vector(repeating: powers)
      pixel.ofOutput.write { $0 / total }
    }
  }
}

/// Each pixel less its mean over channels, over the root of its variance.
enum NormalizationKernel {
  /// Executes tasks, each one row of an image; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: PixelArguments.self)
    let count = Float(arguments.pointee.channels)
    let epsilon = arguments.pointee.epsilon
    PixelLoop.run(context, first, end) { pixel in
      let total = sum(of: pixel.merge(Vector(), padding: Vector()) { $0 + $1 })
      let mean = Vector(repeating: total / count)
      let squares = pixel.merge(Vector(), padding: mean) { total, value in
        let distance = value - mean
        return multiplyAdd(total, distance, distance)
      }
      let deviation = (sum(of: squares) / count + epsilon).squareRoot()
      let factor = Vector(repeating: 1 / deviation)
      pixel.write { ($0 - mean) * factor }
    }
  }
}

/// A pixel of an image, with its channels in one plane or in several.
struct PixelLoop {
  private let input: UnsafePointer<Float>
  private let output: UnsafeMutablePointer<Float>
  private let inputPlane: Int
  private let outputPlane: Int
  private let tasks: RowTasks

  /// Visits each pixel of some rows of images.
  @inline(__always)
  static func run(
    _ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ visit: (PixelLoop) -> Void
  ) {
    let arguments = context.assumingMemoryBound(to: PixelArguments.self)
    var task = first
    while task < end {
      let image = task / arguments.pointee.tasks.rows
      let row = task &- image &* arguments.pointee.tasks.rows
      var input = arguments.pointee.input + arguments.pointee.inputSteps.offset(image, 0, row)
      var output = arguments.pointee.output + arguments.pointee.outputSteps.offset(image, 0, row)
      var pixel = 0
      while pixel < arguments.pointee.tasks.pixels {
        visit(
          PixelLoop(
            input: input, output: output, inputPlane: arguments.pointee.inputSteps.plane,
            outputPlane: arguments.pointee.outputSteps.plane, tasks: arguments.pointee.tasks))
        input += arguments.pointee.inputSteps.pixel
        output += arguments.pointee.outputSteps.pixel
        pixel &+= 1
      }
      task &+= 1
    }
  }

  /// The same pixel of what is written, read and written again.
  @inline(__always)
  var ofOutput: PixelLoop {
    PixelLoop(
      input: UnsafePointer(output), output: output, inputPlane: outputPlane,
      outputPlane: outputPlane, tasks: tasks)
  }

  /// Merges the vectors of channels, lanes that are no channels taken from `padding`.
  @inline(__always)
  func merge(
    _ start: Vector, padding: Vector, _ merge: (Vector, Vector) -> Vector
  ) -> Vector {
    let lanes = Vector.scalarCount
    var result = start
    var plane = 0
    while plane < tasks.planes {
      let valid = plane == tasks.planes &- 1 ? tasks.lastLength : tasks.length
      let source = input + plane &* inputPlane
      var place = 0
      while place &+ lanes <= valid {
        result = merge(result, load(source + place))
        place &+= lanes
      }
      if place < valid {
        let rest = valid &- place
        let isPadding = laneNumbers .>= Vector(repeating: Float(rest))
        result = merge(
          result, load(source + place, rest).replacing(with: padding, where: isPadding))
      }
      plane &+= 1
    }
    return result
  }

  /// Writes a function of each channel.
  @inline(__always)
  func write(_ function: (Vector) -> Vector) {
    var plane = 0
    while plane < tasks.planes {
      let valid = plane == tasks.planes &- 1 ? tasks.lastLength : tasks.length
      let source = input + plane &* inputPlane
      RowLoop.channels(tasks.length, valid, output + plane &* outputPlane) { place, count in
        function(
          count == Vector.scalarCount ? load(source + place) : load(source + place, count))
      }
      plane &+= 1
    }
  }
}
