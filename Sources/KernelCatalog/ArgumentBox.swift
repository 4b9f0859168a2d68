// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Arguments of a kernel in memory of their own, with what they point to.
final class ArgumentBox<Arguments: BitwiseCopyable> {
  private let memory: UnsafeMutablePointer<Arguments>
  private let kept: [AnyObject]

  /// The arguments, keeping `kept` alive.
  init(_ arguments: Arguments, keeping kept: [AnyObject]) {
    memory = .allocate(capacity: 1)
    memory.initialize(to: arguments)
    self.kept = kept
  }

  deinit { memory.deallocate() }

  /// What a phase hands to its kernel.
  var context: UnsafeRawPointer { UnsafeRawPointer(memory) }
}
