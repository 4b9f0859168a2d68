// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

extension IdeaMaker {
  func squeezed(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let narrow = max(4, problem.outChannels / 16)
    guard problem.outChannels >= Self.fewestChannels else { return [] }
    return block(.squeezeExcitation, "squeeze-excitation of \(narrow)", [layer]) { graph in
      let last = try graph.append(problem, layer.epilogue, as: "conv")
      let window = try ProblemDescriptor.window(
        "kh\(problem.output.height)kw\(problem.output.width)", over: problem.outputShape)
      try graph.append("means", .pooling(Pooling(.mean, window: window)), reading: [last])
      let pixel = Extent(1, 1)
      let squeeze = try ConvolutionProblem(
        batch: problem.batch, inChannels: problem.outChannels, outChannels: narrow, input: pixel,
        kernel: pixel)
      let excite = try ConvolutionProblem(
        batch: problem.batch, inChannels: narrow, outChannels: problem.outChannels, input: pixel,
        kernel: pixel)
      try graph.append("squeeze.conv", .convolution(squeeze, hasBias: true), reading: ["means"])
      try graph.append("squeeze", .relu, reading: ["squeeze.conv"])
      try graph.append("excite", .convolution(excite, hasBias: true), reading: ["squeeze"])
      try graph.append("gate", .sigmoid, reading: ["excite"])
      try graph.append("weighted", .scale, reading: [last, "gate"])
    }
  }

  func skipped(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    guard problem.inputShape == problem.outputShape else { return [] }
    return block(.skip, "skip connection", [layer]) { graph in
      let last = try graph.append(problem, layer.epilogue, as: "conv")
      try graph.append("out", .add, reading: [last, OperationGraph.inputName])
    }
  }

  func deformable(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    guard isDense(problem), problem.kernel == Extent(3, 3) else { return [] }
    let taps = problem.kernel.area
    return block(.deformable, "deformable", [layer]) { graph in
      guard let offsets = problem.changed({ $0.outChannels = 2 * taps }) else { return }
      try graph.append(
        "offsets", .convolution(offsets, hasBias: true), reading: [OperationGraph.inputName])
      let moved = ConvolutionOperation(
        problem, epilogue: Epilogue(hasBias: layer.epilogue.hasBias))
      try graph.append(
        "deformable", .deformable(try DeformableOperation(moved, isModulated: false)),
        reading: [OperationGraph.inputName, "offsets"])
      if layer.epilogue.hasReLU { try graph.append("relu", .relu, reading: ["deformable"]) }
    }
  }
}
