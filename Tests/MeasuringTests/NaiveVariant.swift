// SPDX-License-Identifier: Apache-2.0

import Convolution
import Synchronization

/// A convolution as plain as can be, with a fault on request: what the engine is tested with.
struct NaiveVariant: ConvolutionVariant {
  typealias Failure = any Error

  /// What is wrong with it.
  enum Fault: Sendable {
    case none
    /// The last output is off by one.
    case wrongLastOutput
    /// The last output is never written.
    case missingLastOutput
    /// Preparing fails.
    case noMemory
  }

  var fault = Fault.none
  var layout = Layout.nchw
  var instructionSet: InstructionSet?
  /// What counts the outputs that are computed; nil counts nothing.
  var calls: CallCount?

  var identity: VariantIdentity {
    VariantIdentity(
      family: "naive", layout: layout.name, instructionSet: instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support { .supported }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws -> PreparedOperation {
    if fault == .noMemory { throw MemoryError(requestedBytes: 123) }
    let state = NaiveState(
      fault: fault, operation: operation, weights: weights, input: input, output: output,
      calls: calls)
    let phase = Phase(
      name: "kernel", tasks: operation.problem.outputShape.count,
      context: UnsafeRawPointer(Unmanaged.passUnretained(state).toOpaque()),
      run: { context, first, end, _ in
        let state = Unmanaged<NaiveState>.fromOpaque(context).takeUnretainedValue()
        for task in first..<end { state.compute(task) }
      })
    return PreparedOperation(
      phases: [phase], filterMemory: [UnsafeRawBufferPointer(state.filter.floats)], owner: state)
  }
}

/// What a naive convolution works on; one task is one output.
final class NaiveState {
  let fault: NaiveVariant.Fault
  let operation: ConvolutionOperation
  let weights: Weights
  let filter: AlignedBuffer
  let input: Activation
  let output: Activation
  let calls: CallCount?

  init(
    fault: NaiveVariant.Fault, operation: ConvolutionOperation, weights: Weights,
    input: Activation, output: Activation, calls: CallCount?
  ) {
    self.calls = calls
    self.fault = fault
    self.operation = operation
    self.weights = weights
    self.input = input
    self.output = output
    guard let filter = try? AlignedBuffer(count: weights.filter.count) else { fatalError() }
    self.filter = filter
    for (index, weight) in weights.filter.enumerated() { filter.pointer[index] = weight }
  }

  func compute(_ task: Int) {
    calls?.add()
    let reference = ReferenceConvolution(
      operation, input: input.values(), weights: weights, at: [task])
    let shape = output.shape
    let isLast = task == shape.count - 1
    if isLast, fault == .missingLastOutput { return }
    let place = output.layout.index(
      shape, image: task / shape.extent.area / shape.channels,
      channel: task / shape.extent.area % shape.channels,
      row: task / shape.extent.width % shape.extent.height, column: task % shape.extent.width)
    output.pointer[place] =
      Float(reference.values[0]) + (isLast && fault == .wrongLastOutput ? 1 : 0)
  }
}

/// A count that workers add to.
final class CallCount: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .sequentiallyConsistent) }

  func add() { value.wrappingAdd(1, ordering: .sequentiallyConsistent) }

  func reset() { value.store(0, ordering: .sequentiallyConsistent) }
}
