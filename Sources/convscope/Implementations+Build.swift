// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Convolution
internal import KernelCatalog
internal import Planning

extension Implementations {
  /// What this build computes with on these instruction sets: a plan that another process of it made
  /// is read against it.
  init(ofThisBuild instructionSets: [InstructionSet]) {
    let catalog = KernelCatalog(instructionSets: instructionSets)
    self.init(
      variants: catalog.variants,
      graphs: [.exact, .fast].flatMap {
        GraphRunner.all(catalog, accuracy: $0) + GraphRunner.parts(catalog, accuracy: $0)
      })
  }
}
