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
    let tensors = [input, output, addend].compactMap { $0 }
    // Rows of an image where its pixels follow each other, else single pixels; factors of a channel run
    // along the row only where a row is one pixel.
    let takesRows =
      tensors.allSatisfy { Planes($0).isDense } && (scale == nil || input.layout != .nhwc)
    var arguments = ElementwiseArguments(input, to: output, takesRows: takesRows)
    if let addend {
      let (plane, row) = Planes(addend).steps(ofRows: takesRows)
      arguments.addend = UnsafePointer(addend.pointer)
      (arguments.addendPlane, arguments.addendRow) = (plane, row)
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
    let arguments = ElementwiseArguments(input, to: output, takesRows: false)
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
    let extent = input.shape.extent
    if sums != nil { (arguments.height, arguments.width) = (extent.height, extent.width) }
    (arguments.planes, arguments.length) = (planes.count, planes.length)
    (arguments.inputPlane, arguments.inputRow, arguments.inputPixel) = (
      planes.plane, planes.row, planes.pixel
    )
    (arguments.outputPlane, arguments.outputRow, arguments.outputPixel) = (
      target.plane, target.row, target.pixel
    )
    let vectors = (planes.length + instructionSet.lanes - 1) / instructionSet.lanes
    let isGlobalMean = pooling.isGlobal && pooling.kind == .mean
    return prepared(
      isGlobalMean ? .globalMean : .pooling, name,
      planes.count * (isGlobalMean ? vectors : output.shape.extent.height), arguments,
      keeping: [input, output])
  }

  /// A channel shuffle as a copy.
  func shuffle(
    _ name: String, groups: Int, _ input: Activation, to output: Activation
  ) -> Prepared {
    let planes = Planes(input), target = Planes(output)
    let channels = output.shape.channels
    let start = input.index(image: 0, channel: 0, row: 0, column: 0)
    let table = PlainTable(
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

extension ElementwiseArguments {
  /// Arguments that step through rows, or through single pixels.
  fileprivate init(_ input: Activation, to output: Activation, takesRows: Bool) {
    let planes = Planes(input), target = Planes(output)
    self.init(input: UnsafePointer(input.pointer), output: output.pointer)
    self.planes = planes.count
    planesPerImage = planes.perImage
    rows = takesRows ? input.shape.extent.height : input.shape.extent.area
    length = takesRows ? planes.row : planes.length
    lastLength = planes.lastLength
    (inputPlane, inputRow) = planes.steps(ofRows: takesRows)
    (outputPlane, outputRow) = target.steps(ofRows: takesRows)
  }
}
