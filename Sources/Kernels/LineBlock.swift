// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Neighbouring lines of one plane that a depthwise kernel computes together, segment by segment.
struct LineBlock {
  /// The plane's first input, or its copy's.
  let input: UnsafeRawPointer
  /// The plane's weights.
  let weights: UnsafeRawPointer
  /// The plane's biases.
  let bias: UnsafeRawPointer
  /// The plane's first output.
  let output: UnsafeMutableRawPointer
  /// Behind the last byte that a whole vector may be written to, for lanes that are pixels.
  let outputEnd: UnsafeMutableRawPointer
  /// Outputs in a vector that is not written as a whole.
  let outputLanes: Int
  /// The first line.
  private(set) var line: UnsafePointer<OutputLine>
  /// The line after the last one.
  private(set) var end: UnsafePointer<OutputLine>

  /// The first block of `task`.
  @inline(__always)
  init(
    _ task: LineTask, _ arguments: UnsafePointer<LineArguments>, input: UnsafeRawPointer
  ) {
    let plane = task.entry(arguments)
    self.input = input
    output = task.output(arguments)
    outputEnd = output + arguments.pointee.outputBytes
    outputLanes = arguments.pointee.outputLanes
    weights = arguments.pointee.weights + plane.pointee.weights
    bias = arguments.pointee.bias + plane.pointee.bias
    line = arguments.pointee.lines + task.firstLine(arguments)
    end = line
    cut(task, arguments)
  }

  /// Becomes the following block of `task`; empty after the last one.
  @inline(__always)
  mutating func advance(_ task: LineTask, _ arguments: UnsafePointer<LineArguments>) {
    line = end
    cut(task, arguments)
  }

  @inline(__always)
  private mutating func cut(_ task: LineTask, _ arguments: UnsafePointer<LineArguments>) {
    let last = arguments.pointee.lines + task.endLine(arguments)
    let next = line + arguments.pointee.linesPerBlock
    end = next < last ? next : last
  }
}
