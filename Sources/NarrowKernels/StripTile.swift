// SPDX-License-Identifier: Apache-2.0

#if !NARROW_BASELINE
  internal import CVector
  internal import Convolution

  /// The sums of two output rows of a strip in registers: `pixels` outputs of each, `vectors` vectors of
  /// channels of each of these.
  enum StripTile<let pixels: Int, let vectors: Int, A: StripArithmetic> {
    typealias Row = InlineArray<pixels, InlineArray<vectors, Vector>>
    typealias Sums = InlineArray<2, Row>

    @inline(__always) private static var columnBytes: Int { vectors &* Vector.bytes }

    /// Computes `count` outputs of each row, from `column` on, of which `strip` has the input.
    @inline(never)
    static func sweep(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ column: Int,
      _ count: Int, _ strip: UnsafeRawPointer
    ) {
      let block = StripBlock(arguments, task, columnBytes)
      var input = strip
      var output = task.output + column &* task.bytes
      var left = count
      while left > 0 {
        var sums = Sums(repeating: Row(repeating: loaded(block.starts)))
        sum(block, input, &sums)
        finish(block, sums[unchecked: 0], output, min(left, pixels))
        if task.rows > 1 {
          finish(block, sums[unchecked: 1], output + block.outputRow, min(left, pixels))
        }
        input += pixels &* block.pixelStep
        output += pixels &* task.bytes
        left &-= pixels
      }
    }

    @inline(__always)
    private static func loaded(_ pointer: UnsafeRawPointer) -> InlineArray<vectors, Vector> {
      var loaded = InlineArray<vectors, Vector>(repeating: Vector())
      for vector in 0..<vectors {
        loaded[unchecked: vector] = Vector(at: pointer + vector &* Vector.bytes)
      }
      return loaded
    }

    /// The products of all quanta.
    @inline(__always)
    private static func sum(_ block: StripBlock, _ input: UnsafeRawPointer, _ sums: inout Sums) {
      var filter = block.filter
      let own = input + block.ownQuanta &* block.quantumStep
      if block.ownQuanta > 0 {
        add(block, input, own, &filter, block.ownQuanta, isShared: false, &sums)
      }
      if block.sharedQuanta > 0 {
        let shared = own + block.ownQuanta &* block.quantumStep
        add(block, shared, shared, &filter, block.sharedQuanta, isShared: true, &sums)
      }
    }

    /// The products of `quanta` quanta, which lie at `first` and `second` for the two rows.
    @inline(__always)
    private static func add(
      _ block: StripBlock, _ first: UnsafeRawPointer, _ second: UnsafeRawPointer,
      _ filter: inout UnsafeRawPointer, _ quanta: Int, isShared: Bool, _ sums: inout Sums
    ) {
      var (firstQuantum, secondQuantum, left) = (first, second, quanta)
      repeat {
        var (first, second, taps) = (firstQuantum, secondQuantum, block.taps)
        repeat {
          for vector in 0..<vectors {
            let place = vector &* Vector.bytes
            let weights = Vector(at: filter)
            let others = Vector(at: filter + block.filterRow)
            for pixel in 0..<pixels {
              let at = pixel &* block.pixelStep &+ place
              let input = Vector(at: first + at)
              sums[unchecked: 0][unchecked: pixel][unchecked: vector] = A.add(
                sums[unchecked: 0][unchecked: pixel][unchecked: vector], input, weights)
              sums[unchecked: 1][unchecked: pixel][unchecked: vector] = A.add(
                sums[unchecked: 1][unchecked: pixel][unchecked: vector],
                isShared ? input : Vector(at: second + at), others)
            }
            // Otherwise the weights of all vectors are loaded first, and sums wait on the stack.
            filter = cvector_reloaded(filter + Vector.bytes)
            if !isShared { (first, second) = (cvector_reloaded(first), cvector_reloaded(second)) }
          }
          first += block.tapStep
          second += block.tapStep
          taps &-= 1
        } while taps > 0
        firstQuantum += block.quantumStep
        secondQuantum += block.quantumStep
        left &-= 1
      } while left > 0
    }

    /// Writes the first `count` outputs.
    @inline(__always)
    private static func finish(
      _ block: StripBlock, _ row: Row, _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
      for pixel in 0..<pixels where pixel < count {
        A.finish(row[unchecked: pixel], block, output + pixel &* block.bytes)
      }
    }
  }

  /// What tiles of a block of channels have in common; steps count bytes.
  struct StripBlock {
    let filter, starts, scales, limits: UnsafeRawPointer
    let filterRow: Int, quantumStep: Int, tapStep: Int, pixelStep: Int
    let taps: Int, ownQuanta: Int, sharedQuanta: Int
    let bytes: Int, outputRow: Int
    let width: Int
    let rectifies: Bool

    @inline(__always)
    init(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ columnBytes: Int
    ) {
      let shape = arguments.pointee.shape
      let row = shape.quantaPerRow &* arguments.pointee.kernelWidth &* columnBytes
      filter = arguments.pointee.filter + task.block &* shape.filterRows &* row
      starts = arguments.pointee.starts + task.block &* columnBytes
      scales = arguments.pointee.scales + task.block &* columnBytes
      limits = arguments.pointee.limits
      filterRow = (shape.filterRows &- 1) &* row
      quantumStep = shape.quantumBytes
      tapStep = arguments.pointee.dilationWidth &* columnBytes
      pixelStep = arguments.pointee.strideWidth &* columnBytes
      taps = arguments.pointee.kernelWidth
      ownQuanta = shape.ownSets &* shape.parts
      sharedQuanta = shape.sharedSets &* shape.parts
      bytes = task.bytes
      outputRow = shape.rowPitch &* arguments.pointee.outputWidth &* task.bytes
      width = task.width
      rectifies = arguments.pointee.hasReLU
    }
  }
#endif
