// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// `y = relu?(x · scale? + addend?)` over rows: addition, scaling, rectification and plain copies.
enum ElementwiseKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: ElementwiseArguments.self)
    var task = first
    while task < end {
      let plane = task / arguments.pointee.rows
      row(arguments, plane, task &- plane &* arguments.pointee.rows)
      task &+= 1
    }
  }

  /// One row; the loop is compiled once for each set of operands.
  private static func row(
    _ arguments: UnsafePointer<ElementwiseArguments>, _ plane: Int, _ row: Int
  ) {
    let input =
      arguments.pointee.input
      + (plane &* arguments.pointee.inputPlane &+ row &* arguments.pointee.inputRow)
    let output =
      arguments.pointee.output
      + (plane &* arguments.pointee.outputPlane &+ row &* arguments.pointee.outputRow)
    let addend = arguments.pointee.addend.map {
      $0 + (plane &* arguments.pointee.addendPlane &+ row &* arguments.pointee.addendRow)
    }
    let scale = arguments.pointee.scale.map { $0 + plane &* arguments.pointee.scalePlane }
    switch (scale, addend) {
    case (nil, nil): loop(arguments, input, nil, nil, output)
    case (nil, let addend?): loop(arguments, input, nil, addend, output)
    case (let scale?, nil): loop(arguments, input, scale, nil, output)
    case (let scale?, let addend?): loop(arguments, input, scale, addend, output)
    }
  }

  @inline(__always)
  private static func loop(
    _ arguments: UnsafePointer<ElementwiseArguments>, _ input: UnsafePointer<Float>,
    _ scale: UnsafePointer<Float>?, _ addend: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let lanes = Vector.scalarCount
    let length = arguments.pointee.length
    let hasReLU = arguments.pointee.hasReLU
    let step = arguments.pointee.scaleVector
    var factors = UnsafeRawPointer(scale)
    var place = 0
    while place &+ lanes <= length {
      var value = load(input + place)
      if let vector = factors {
        value *= load(vector)
        factors = vector + 4 &* step
      }
      if let addend { value += load(addend + place) }
      store(hasReLU ? rectified(value) : value, output + place)
      place &+= lanes
    }
    if place == length { return }
    let rest = length &- place
    var value = load(input + place, rest)
    if let vector = factors { value *= load(vector, rest) }
    if let addend { value += load(addend + place, rest) }
    store(hasReLU ? rectified(value) : value, output + place, rest)
  }
}
