// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension NodeKernels {
  /// Operations that neither convolutions nor the blocks of a suite need: those of whole networks.
  func other(
    _ node: OperationGraph.Node, _ sources: [Activation], to output: Activation
  ) -> Prepared {
    switch node.operation {
    case .point(let function): point(node.name, function, sources[0], to: output)
    case .combination(let combination):
      combine(node.name, combination, sources[0], sources[1], to: output)
    case .resize(let resize): self.resize(node.name, resize, sources[0], to: output)
    case .softmax: pixels(.softmax, node.name, sources[0], to: output)
    case .normalization(let epsilon):
      pixels(.normalization, node.name, sources[0], epsilon: epsilon, to: output)
    case .selection(let selection):
      move(node.name, MoveCopy(selection, from: sources[0], to: output))
    case .rearrangement(let rearrangement):
      move(node.name, MoveCopy(rearrangement, from: sources[0], to: output))
    default: preconditionFailure("\(node.operation.name) has a kernel of another kind")
    }
  }

  private func move(_ name: String, _ copy: MoveCopy) -> Prepared { (copy.phase(name), copy) }

  private func point(
    _ name: String, _ function: PointFunction, _ input: Activation, to output: Activation
  ) -> Prepared {
    let isFlat = Self.isFlat([input, output], keepsZero: function.keepsZero)
    let arguments = PointArguments(
      input: UnsafePointer(input.pointer), output: output.pointer, function: function,
      tasks: RowTasks(output, isFlat: isFlat), inputSteps: PixelSteps(input, over: output.shape),
      outputSteps: PixelSteps(output, over: output.shape))
    return prepared(.point, name, arguments.tasks.count, arguments, keeping: [input, output])
  }

  private func combine(
    _ name: String, _ combination: Combination, _ left: Activation, _ right: Activation,
    to output: Activation
  ) -> Prepared {
    let isSame = left.shape == output.shape && right.shape == output.shape
    // Zero over zero is no zero.
    let isFlat =
      isSame && Self.isFlat([left, right, output], keepsZero: combination != .divide)
    let arguments = CombinationArguments(
      left: UnsafePointer(left.pointer), right: UnsafePointer(right.pointer),
      output: output.pointer, combination: combination, tasks: RowTasks(output, isFlat: isFlat),
      leftSteps: PixelSteps(left, over: output.shape),
      rightSteps: PixelSteps(right, over: output.shape),
      outputSteps: PixelSteps(output, over: output.shape))
    return prepared(
      .combination, name, arguments.tasks.count, arguments, keeping: [left, right, output])
  }

  private func resize(
    _ name: String, _ resize: LinearResize, _ input: Activation, to output: Activation
  ) -> Prepared {
    let (rows, columns) = (TapList(resize.rows), TapList(resize.columns))
    let arguments = ResizeArguments(
      input: UnsafePointer(input.pointer), output: output.pointer, rows: rows.pointer,
      columns: columns.pointer, tasks: RowTasks(output),
      inputSteps: PixelSteps(input), outputSteps: PixelSteps(output))
    return prepared(
      .resize, name, arguments.tasks.count, arguments, keeping: [input, output, rows, columns])
  }

  private func pixels(
    _ family: KernelFamily, _ name: String, _ input: Activation, epsilon: TensorValue = 0,
    to output: Activation
  ) -> Prepared {
    let arguments = PixelArguments(
      input: UnsafePointer(input.pointer), output: output.pointer, tasks: RowTasks(output),
      inputSteps: PixelSteps(input), outputSteps: PixelSteps(output),
      channels: output.shape.channels, epsilon: epsilon)
    return prepared(family, name, arguments.count, arguments, keeping: [input, output])
  }

  /// Whether a row of all tensors is one run of floats, with padding that stays zero by itself.
  private static func isFlat(_ tensors: [Activation], keepsZero: Bool) -> Bool {
    tensors.allSatisfy { tensor in
      let planes = Planes(tensor)
      return planes.isDense && (keepsZero || planes.lastLength == planes.length)
    }
  }
}

extension RowTasks {
  /// The rows of `output`; where they are flat, each is one pixel of many channels.
  fileprivate init(_ output: Activation, isFlat: Bool = false) {
    let planes = Planes(output)
    let extent = output.shape.extent
    self.init(
      images: output.shape.batch, planes: planes.perImage, rows: extent.height,
      pixels: isFlat ? 1 : extent.width, length: isFlat ? planes.row : planes.length,
      lastLength: isFlat ? planes.row : planes.lastLength)
  }
}

extension PixelSteps {
  /// The steps of `activation`; along an axis of `whole` in which it has size 1, there are none.
  fileprivate init(_ activation: Activation, over whole: ActivationShape? = nil) {
    let planes = Planes(activation)
    let shape = activation.shape
    let whole = whole ?? shape
    func step(_ size: Int, of all: Int, _ step: Int) -> Int { size == 1 && all > 1 ? 0 : step }
    let isOne = shape.channels == 1 && whole.channels > 1
    self.init(
      image: step(shape.batch, of: whole.batch, planes.perImage * planes.plane),
      plane: isOne ? 0 : planes.plane,
      row: step(shape.extent.height, of: whole.extent.height, planes.row),
      pixel: step(shape.extent.width, of: whole.extent.width, planes.pixel), isOneChannel: isOne)
  }
}

/// Places of a resize in memory of their own.
final class TapList {
  /// The first one.
  let pointer: UnsafePointer<LinearResize.Tap>
  private let memory: UnsafeMutablePointer<LinearResize.Tap>

  /// A copy of `taps`.
  init(_ taps: [LinearResize.Tap]) {
    memory = .allocate(capacity: max(1, taps.count))
    memory.initialize(from: taps, count: taps.count)
    pointer = UnsafePointer(memory)
  }

  deinit { memory.deallocate() }
}
