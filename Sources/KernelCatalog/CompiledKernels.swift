// SPDX-License-Identifier: Apache-2.0

internal import Convolution

#if arch(arm64)
  internal import KernelsNEON
  internal import NarrowKernelsNEON

  extension KernelsNEON.KernelRegistry: KernelModule {}
#else
  internal import KernelsAVX2
  internal import KernelsAVX512
  internal import KernelsBaseline
  internal import NarrowKernelsAVX2
  internal import NarrowKernelsAVX512BF16
  internal import NarrowKernelsBaseline

  extension KernelsAVX2.KernelRegistry: KernelModule {}
  extension KernelsAVX512.KernelRegistry: KernelModule {}
  extension KernelsBaseline.KernelRegistry: KernelModule {}
#endif

/// The registry of a kernel module: the same source, compiled for one instruction set.
protocol KernelModule {
  typealias Run = KernelEntry.Run
  typealias LineVisitor = (_ form: LineForm, _ run: @escaping Run) -> Void
  typealias WinogradVisitor = (
    _ form: WinogradForm, _ run: @escaping Run, _ transform: @escaping Run,
    _ multiply: @escaping Run
  ) -> Void

  static func forEach(_ visit: (KernelEntry) -> Void)
  static func forEachGraphKernel(_ visit: (KernelEntry) -> Void)
  static func forEachLineKernel(_ visit: LineVisitor)
  static func forEachWinograd(_ visit: WinogradVisitor)
  static var deformableSampling: Run { get }
  static var deformableResults: Run { get }
  static var depthwiseTransform: Run { get }
  static var depthwiseResults: Run { get }
  static var halo: Run? { get }
}

/// A registry as a value, whose type its user need not know.
struct CompiledKernels {
  let forEach, forEachGraphKernel: ((KernelEntry) -> Void) -> Void
  let forEachLineKernel: (KernelModule.LineVisitor) -> Void
  let forEachWinograd: (KernelModule.WinogradVisitor) -> Void
  let deformableSampling, deformableResults: KernelEntry.Run
  let depthwiseTransform, depthwiseResults: KernelEntry.Run
  let halo: KernelEntry.Run?

  fileprivate init<Registry: KernelModule>(_: Registry.Type) {
    forEach = { Registry.forEach($0) }
    forEachGraphKernel = { Registry.forEachGraphKernel($0) }
    forEachLineKernel = { Registry.forEachLineKernel($0) }
    forEachWinograd = { Registry.forEachWinograd($0) }
    deformableSampling = Registry.deformableSampling
    deformableResults = Registry.deformableResults
    depthwiseTransform = Registry.depthwiseTransform
    depthwiseResults = Registry.depthwiseResults
    halo = Registry.halo
  }
}

extension InstructionSet {
  /// The kernels of 32-bit floats that are compiled for it.
  /// - Requires: an instruction set that `InstructionSet.allCases` lists, with `dataTypes` that has them.
  var kernels: CompiledKernels {
    switch self {
    #if arch(arm64)
      case .neon: CompiledKernels(KernelsNEON.KernelRegistry.self)
    #else
      case .baseline: CompiledKernels(KernelsBaseline.KernelRegistry.self)
      case .avx2: CompiledKernels(KernelsAVX2.KernelRegistry.self)
      case .avx512: CompiledKernels(KernelsAVX512.KernelRegistry.self)
    #endif
    default: preconditionFailure("no kernels are compiled for it on this architecture")
    }
  }

  /// Visits the kernels of other types than 32-bit floats that are compiled for it.
  func forEachNarrowKernel(_ visit: (KernelEntry) -> Void) {
    switch self {
    #if arch(arm64)
      case .neon: NarrowKernelsNEON.KernelRegistry.forEach(visit)
    #else
      case .baseline: NarrowKernelsBaseline.KernelRegistry.forEach(visit)
      case .avx2: NarrowKernelsAVX2.KernelRegistry.forEach(visit)
      case .avx512bf16: NarrowKernelsAVX512BF16.KernelRegistry.forEach(visit)
    #endif
    default: break
    }
  }
}
