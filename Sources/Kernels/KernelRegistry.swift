// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Every microkernel of this module, one line each.
public enum KernelRegistry {
  /// Visits the entries. A visitor and not an array: these modules must not instantiate
  /// standard-library generics, whose weak symbols the linker would share across instruction sets.
  public static func forEach(_ visit: (KernelEntry) -> Void) {
  }
}
