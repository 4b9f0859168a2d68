// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Phases of the operations that are no convolutions.
struct NodeKernels {
  /// The instruction set whose kernels run.
  let instructionSet: InstructionSet

  /// A phase and what keeps its memory alive.
  typealias Prepared = (phase: Phase, owner: AnyObject)

  /// `output = relu?(input · scale? + addend?)`.
  func elementwise(
    _ name: String, _ input: Activation, scale: Activation? = nil, addend: Activation? = nil,
    hasReLU: Bool = false, to output: Activation
  ) -> Prepared {
    let planes = Planes(input), target = Planes(output)
    let tensors = [input, output, addend].compactMap { $0 }
    // Rows of an image where its pixels follow each other, else single pixels.
    let isDense = tensors.allSatisfy { Planes($0).isDense }
    let isBlocked = input.layout != .nhwc
    // Factors of a channel run along the row only where a row is one pixel.
    let takesRows = isDense && (scale == nil || isBlocked)
    let extent = input.shape.extent
    var arguments = ElementwiseArguments(
      input: UnsafePointer(input.pointer), output: output.pointer)
    arguments.planes = planes.count
    arguments.planesPerImage = planes.perImage
    arguments.rows = takesRows ? extent.height : extent.area
    arguments.length = takesRows ? planes.row : planes.length
    arguments.lastLength = planes.lastLength
    (arguments.inputPlane, arguments.inputRow) = (
      planes.plane, takesRows ? planes.row : planes.pixel
    )
    (arguments.outputPlane, arguments.outputRow) = (
      target.plane, takesRows ? target.row : target.pixel
    )
    if let addend {
      let other = Planes(addend)
      arguments.addend = UnsafePointer(addend.pointer)
      (arguments.addendPlane, arguments.addendRow) = (
        other.plane, takesRows ? other.row : other.pixel
      )
    }
    if let scale {
      arguments.scale = UnsafePointer(scale.pointer)
      arguments.scalePlane = Planes(scale).plane
      arguments.scaleVector = takesRows ? 0 : instructionSet.lanes
    }
    arguments.hasReLU = hasReLU
    return prepared(
      .elementwise, name, arguments.tasks, arguments,
      keeping: [input, output, addend, scale].compactMap { $0 as AnyObject? })
  }

  /// `1 / (1 + e⁻ˣ)`, pixel by pixel.
  func sigmoid(_ name: String, _ input: Activation, to output: Activation) -> Prepared {
    let planes = Planes(input), target = Planes(output)
    var arguments = ElementwiseArguments(
      input: UnsafePointer(input.pointer), output: output.pointer)
    arguments.planes = planes.count
    arguments.planesPerImage = planes.perImage
    arguments.rows = input.shape.extent.area
    arguments.length = planes.length
    arguments.lastLength = planes.lastLength
    (arguments.inputPlane, arguments.inputRow) = (planes.plane, planes.pixel)
    (arguments.outputPlane, arguments.outputRow) = (target.plane, target.pixel)
    return prepared(.sigmoid, name, arguments.tasks, arguments, keeping: [input, output])
  }

  /// Pooling; a global mean reads `sums` in place of the input where a convolution kept them.
  func pooling(
    _ name: String, _ pooling: Pooling, _ input: Activation, sums: Activation? = nil,
    to output: Activation
  ) -> Prepared {
    let input = sums ?? input
    let planes = Planes(input), target = Planes(output)
    var arguments = PoolingArguments(
      pooling, input: UnsafePointer(input.pointer), output: output.pointer)
    if sums != nil {
      (arguments.height, arguments.width) = (input.shape.extent.height, input.shape.extent.width)
    }
    arguments.planes = planes.count
    arguments.length = planes.length
    (arguments.inputPlane, arguments.inputRow, arguments.inputPixel) = (
      planes.plane, planes.row, planes.pixel
    )
    (arguments.outputPlane, arguments.outputRow, arguments.outputPixel) = (
      target.plane, target.row, target.pixel
    )
    let isGlobalMean = pooling.isGlobal && pooling.kind == .mean
    let lanes = instructionSet.lanes
    let tasks =
      planes.count
      * (isGlobalMean ? (planes.length + lanes - 1) / lanes : output.shape.extent.height)
    return prepared(
      isGlobalMean ? .globalMean : .pooling, name, tasks, arguments, keeping: [input, output])
  }

  /// A channel shuffle as a copy.
  func shuffle(
    _ name: String, groups: Int, _ input: Activation, to output: Activation
  ) -> Prepared {
    let planes = Planes(input), target = Planes(output)
    let channels = output.shape.channels
    let start = input.index(image: 0, channel: 0, row: 0, column: 0)
    let table = PlainList(
      (0..<target.perImage * target.length).map { channel in
        guard channel < channels else { return -1 }
        let from = GraphOperation.shuffledSource(channel, groups: groups, channels: channels)
        return input.index(image: 0, channel: from, row: 0, column: 0) - start
      })
    let arguments = GatherArguments(
      input: UnsafePointer(input.pointer), output: output.pointer, table: table.pointer,
      images: input.shape.batch, planesPerImage: target.perImage,
      rows: input.shape.extent.height, pixels: input.shape.extent.width, length: target.length,
      inputImage: planes.perImage * planes.plane, inputRow: planes.row, inputPixel: planes.pixel,
      outputPlane: target.plane, outputRow: target.row, outputPixel: target.pixel)
    return prepared(
      .gather, name, arguments.tasks, arguments, keeping: [input, output, table])
  }

  func prepared<Arguments: BitwiseCopyable>(
    _ family: KernelFamily, _ name: String, _ tasks: Int, _ arguments: Arguments,
    keeping kept: [AnyObject]
  ) -> Prepared {
    let box = ArgumentBox(arguments, keeping: kept)
    let kernel = KernelCatalog.graphKernel(family, instructionSet)
    return (Phase(name: name, tasks: tasks, context: box.context, run: kernel.run), box)
  }
}

/// Integers in memory of their own.
final class PlainList {
  /// The first one.
  let pointer: UnsafePointer<Int>
  private let memory: UnsafeMutablePointer<Int>

  /// A copy of `values`.
  init(_ values: [Int]) {
    memory = .allocate(capacity: max(1, values.count))
    for (place, value) in values.enumerated() { (memory + place).initialize(to: value) }
    pointer = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}
