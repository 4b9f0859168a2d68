// SPDX-License-Identifier: Apache-2.0

#if XNNPACK
  internal import Convolution

  /// Activations of signed bytes beside unsigned ones: where scales belong to output channels, XNNPACK has
  /// signed ones only.
  ///
  /// 128 less, as their zero points are, they stand for the same numbers. They are converted outside the clock:
  /// a network in this library would have them so from the start.
  final class XNNPACKSigns {
    private let signed: (input: AlignedBuffer, output: AlignedBuffer)
    private let copies: UnsafeMutablePointer<Copy>
    private let pool: XNNPACKPool?

    /// Bytes whose sign is turned on the way; then threads rest.
    private struct Copy {
      var source: UnsafeRawPointer
      var target: UnsafeMutableRawPointer
      var count: Int
      var rest: Phase?
    }

    /// Room for signed copies of `input` and `output`.
    init(_ input: Activation, _ output: Activation, pool: XNNPACKPool?) throws(MemoryError) {
      signed = (
        try AlignedBuffer(bytes: input.elementCount), try AlignedBuffer(bytes: output.elementCount)
      )
      self.pool = pool
      copies = .allocate(capacity: 2)
      copies.initialize(
        to: Copy(
          source: input.pointer, target: signed.input.pointer, count: input.elementCount))
      (copies + 1).initialize(
        to: Copy(
          source: signed.output.pointer, target: output.pointer, count: output.elementCount,
          rest: pool?.rest))
    }

    deinit {
      copies.deinitialize(count: 2)
      copies.deallocate()
    }

    /// An unsigned zero point as a signed one.
    static func signed(_ zero: Int) -> Int8 { Int8(zero - 128) }

    /// What the operator reads and writes.
    var input: UnsafePointer<Int8> { UnsafePointer(Self.bytes(signed.input)) }
    /// See `input`.
    var output: UnsafeMutablePointer<Int8> { Self.bytes(signed.output) }

    private static func bytes(_ buffer: AlignedBuffer) -> UnsafeMutablePointer<Int8> {
      UnsafeMutableRawPointer(buffer.pointer).assumingMemoryBound(to: Int8.self)
    }

    /// Makes the input signed.
    var before: Phase { phase("signed input", copies) }
    /// Makes the output unsigned, and lets threads rest.
    var after: Phase { phase("unsigned output", copies + 1) }

    private func phase(_ name: String, _ copy: UnsafePointer<Copy>) -> Phase {
      Phase(name: name, tasks: 1, context: UnsafeRawPointer(copy)) { context, _, _, worker in
        let copy = context.assumingMemoryBound(to: Copy.self).pointee
        for index in 0..<copy.count {
          let byte = copy.source.load(fromByteOffset: index, as: UInt8.self)
          copy.target.storeBytes(of: byte ^ 0x80, toByteOffset: index, as: UInt8.self)
        }
        if let rest = copy.rest { rest.run(rest.context, 0, rest.tasks, worker) }
      }
    }
  }
#endif
