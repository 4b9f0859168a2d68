// SPDX-License-Identifier: Apache-2.0

/// A microkernel as its registry lists it: what it is and how to run it.
public struct KernelEntry: Sendable {
  /// The function that executes tasks; the contract of `Phase.run`.
  public typealias Run =
    @Sendable (_ arguments: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) -> Void

  /// The algorithm it belongs to, which decides the type of its arguments.
  public var family: KernelFamily
  /// The instruction set it is compiled for.
  public var instructionSet: InstructionSet
  /// How many outputs it keeps in registers.
  public var registerBlock: RegisterBlock
  /// The data type that it computes.
  public var dataType: DataType
  /// Executes tasks.
  public var run: Run

  /// An entry.
  @inlinable
  public init(
    family: KernelFamily, instructionSet: InstructionSet, registerBlock: RegisterBlock,
    dataType: DataType = .f32, run: @escaping Run
  ) {
    self.family = family
    self.instructionSet = instructionSet
    self.registerBlock = registerBlock
    self.dataType = dataType
    self.run = run
  }
}

/// The algorithms that have microkernels.
public enum KernelFamily: Hashable, Sendable {
  /// Dense and grouped direct convolution, channel-blocked; arguments: `DirectArguments`.
  case direct
  /// Depthwise convolution of bf16 or integers, and in small groups; arguments: `NarrowStripArguments`.
  case narrowStrips
  /// Convolution of plain tensors, pixels in the lanes; arguments: `PlaneArguments`.
  case planes
  /// Products on registers alone; one task is `LimitArguments.fusedPerTask` instructions that multiply
  /// and add vectors, per worker.
  case peakFMA
  /// Reads of the worker's whole memory, once per task; arguments: `LimitArguments`.
  case streamRead
  /// Writes of the worker's whole memory, once per task; arguments: `LimitArguments`.
  case streamWrite
  /// `a = b + s·c` over thirds of the worker's memory; arguments: `LimitArguments`.
  case streamTriad
  /// Addition, scaling, rectification and copies; arguments: `ElementwiseArguments`.
  case elementwise
  /// `1 / (1 + e⁻ˣ)`; arguments: `ElementwiseArguments`.
  case sigmoid
  /// Largest or mean element of a window; arguments: `PoolingArguments`.
  case pooling
  /// Mean over the whole image; arguments: `PoolingArguments`.
  case globalMean
  /// Channels moved by a table; arguments: `GatherArguments`.
  case gather
  /// A function of each element; arguments: `PointArguments`.
  case point
  /// Two tensors combined element by element; arguments: `CombinationArguments`.
  case combination
  /// An image of another size; arguments: `ResizeArguments`.
  case resize
  /// Softmax over channels; arguments: `PixelArguments`.
  case softmax
  /// Normalisation over channels; arguments: `PixelArguments`.
  case normalization
}

/// The outputs that a microkernel keeps in registers at once.
public struct RegisterBlock: Hashable, Sendable {
  /// Output pixels.
  public var pixels: Int
  /// Vectors of output channels.
  public var vectors: Int

  /// A block of `pixels` × `vectors` accumulators.
  @inlinable
  public init(pixels: Int, vectors: Int) {
    self.pixels = pixels
    self.vectors = vectors
  }

  /// The block as it stands in variant ids: `14x2`.
  public var name: String { "\(pixels)x\(vectors)" }
}
