// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelRegistry {
  /// Samples the pixels of a strip; arguments: `DeformableArguments`.
  public static var deformableSampling: KernelEntry.Run {
    { DeformableSampling.run($0, $1, $2, $3) }
  }

  /// Copies the results of a strip to the output; arguments: `DeformableArguments`.
  public static var deformableResults: KernelEntry.Run {
    { DeformableSampling.copyResults($0, $1, $2, $3) }
  }
}
