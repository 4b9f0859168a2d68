// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension DirectVariant {
  /// What computes where a weight is infinite or NaN, in place of kernels that multiply it with zeros
  /// around the image: these skip what lies outside.
  /// - Throws: `MemoryError` where the system has not enough memory.
  static func prepareSkippingBorders(
    _ instructionSet: InstructionSet, _ operation: ConvolutionOperation, weights: Weights,
    input: Activation, output: Activation, workers: Int,
    since reason: String = "a weight is infinite or NaN"
  ) throws(MemoryError) -> PreparedOperation {
    let entries = KernelCatalog.entries(instructionSet, of: operation.problem.dataType)
    guard let entry = entries.first(where: { $0.family == .direct }) else {
      preconditionFailure("every instruction set has direct kernels")
    }
    let variant = DirectVariant(entry, input: input.layout, output: output.layout)
    let prepared = try variant.prepare(
      operation, weights: weights, input: input, output: output, workers: workers)
    return PreparedOperation(
      phases: prepared.phases, scratchBytes: prepared.scratchBytes,
      implementation: "\(variant.identity.id), since \(reason)",
      filterMemory: prepared.filterMemory, owner: prepared)
  }
}
