// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector
  internal import Convolution

  /// Depthwise 3×3 without a strip, dilated or not: columns of the input are interleaved in registers, and each meets the
  /// three outputs that read it at once.
  ///
  /// The sums of three outputs roll through the registers; the weights stay there. What is complete is
  /// written one column later, so that rounding overlaps with the products of the next. With a stride of 1,
  /// two output rows share the interleaved columns.
  enum RollingKernel<A: RollingArithmetic> {
    /// What the block of channels of a task has of its output rows.
    @inline(__always)
    static func compute(_ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask) {
      // A branch where sums are written would bring them onto the stack.
      if A.rectifies && arguments.pointee.hasReLU {
        if task.width == Vector.bytes {
          rows(RollingTile<A, 0, 1, 1>.self, arguments, task)
        } else {
          rows(RollingTile<A, 0, 1, 0>.self, arguments, task)
        }
      } else if task.width == Vector.bytes {
        rows(RollingTile<A, 0, 0, 1>.self, arguments, task)
        // Of bytes, half of the channels are in the lanes at a time.
        if A.halves > 1 { rows(RollingTile<A, 1, 0, 1>.self, arguments, task) }
      } else {
        rows(RollingTile<A, 0, 0, 0>.self, arguments, task)
        if A.halves > 1 && task.width > 8 { rows(RollingTile<A, 1, 0, 0>.self, arguments, task) }
      }
    }

    @inline(__always)
    private static func rows<let half: Int, let relu: Int, let whole: Int>(
      _: RollingTile<A, half, relu, whole>.Type, _ arguments: UnsafePointer<NarrowStripArguments>,
      _ task: StripTask
    ) {
      if arguments.pointee.strideHeight == 1 {
        // Columns that no output reads together roll one after the other.
        var column = 0
        while column < min(arguments.pointee.dilationWidth, arguments.pointee.outputWidth) {
          RollingTile<A, half, relu, whole>.rows(arguments, task, column)
          column &+= 1
        }
      } else {
        RollingTile<A, half, relu, whole>.row(arguments, task, 0)
        if task.rows > 1 { RollingTile<A, half, relu, whole>.row(arguments, task, 1) }
      }
    }
  }

  /// Where a kernel is in the rows that it reads, and in those that it writes.
  struct RollingWalk {
    /// Four rows of the input, and what lies outside the image, where column 0 is or would be.
    let inside: RollingRows, margin: RollingRows
    /// The rows that are read at `at`.
    private(set) var rows: RollingRows
    /// Bytes from column 0 to the next column to read, which may lie outside.
    var at: Int
    /// Bytes from a column of taps to the next, and of the columns inside the image.
    let step: Int, width: Int

    /// For the output `row` of a task, from the output `column` on.
    @inline(__always)
    init(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ row: Int,
      column: Int = 0
    ) {
      let left = arguments.pointee.paddingLeft &* task.bytes
      let outside = arguments.pointee.margin + left
      let first = task.row &+ row &* arguments.pointee.strideHeight
      let rowBytes = arguments.pointee.inputWidth &* task.bytes
      let (height, pitch) = (arguments.pointee.inputHeight, arguments.pointee.shape.rowPitch)
      func tapRow(_ tap: Int) -> UnsafeRawPointer {
        let place = first &+ tap &* pitch
        return place >= 0 && place < height ? task.input + place &* rowBytes : outside
      }
      inside = RollingRows(
        first: tapRow(0), second: tapRow(1), third: tapRow(2), fourth: tapRow(3))
      margin = RollingRows(first: outside, second: outside, third: outside, fourth: outside)
      (step, width) = (arguments.pointee.dilationWidth &* task.bytes, rowBytes)
      at = column &* task.bytes &- left
      rows = margin
      place()
    }

    /// Goes to the next column.
    @inline(__always)
    mutating func advance() {
      at &+= step
      place()
    }

    /// Reads outside the image from now on.
    @inline(__always)
    mutating func leave() { rows = margin }

    @inline(__always)
    private mutating func place() { rows = at >= 0 && at < width ? inside : margin }
  }

  /// Places in four rows below each other.
  struct RollingRows {
    let first, second, third, fourth: UnsafeRawPointer
  }

  /// Two vectors of channels.
  typealias RollingPair = InlineArray<2, Vector>
  /// Interleaved rows of a column.
  typealias RollingColumn = InlineArray<3, RollingPair>
  /// Weights by columns of taps, of which each has two for each channel.
  typealias RollingWeights = InlineArray<3, InlineArray<2, RollingPair>>

  /// Sums of neighbouring outputs, of which `half` of a block's channels are in the lanes; with `relu` 1,
  /// negative results become zero, and with `whole` 1 pixels are whole registers, without masks.
  enum RollingTile<A: RollingArithmetic, let half: Int, let relu: Int, let whole: Int> {
    typealias Sums = InlineArray<2, RollingPair>

    /// Two output rows, with a stride of 1: each output from `start` on that is as far apart as taps are.
    @inline(never)
    static func rows(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ start: Int
    ) {
      let block = StripBlock(arguments, task, A.quantum &* Vector.bytes)
      let weights = weights(block, stride: 1)
      var walk = RollingWalk(arguments, task, 0, column: start)
      let apart = arguments.pointee.dilationWidth
      let outputs = (arguments.pointee.outputWidth &- start &+ apart &- 1) / apart
      let end = walk.at &+ (outputs &+ 2) &* walk.step
      // An output is written three columns behind the first one that it reads.
      let place = task.output + start &* task.bytes - walk.at - 3 &* walk.step
      let output = RollingOutput(
        first: place, second: task.rows > 1 ? place + block.outputRow : place)
      var (first, second, third) = (starts(block), starts(block), starts(block))
      A.add(&first, column(walk, block), weights, tap: 0)
      walk.advance()
      var values = column(walk, block)
      A.add(&first, values, weights, tap: 1)
      A.add(&second, values, weights, tap: 0)
      walk.advance()
      values = column(walk, block)
      A.add(&first, values, weights, tap: 2)
      A.add(&second, values, weights, tap: 1)
      A.add(&third, values, weights, tap: 0)
      walk.advance()
      while walk.at < min(end, walk.width) {
        step(&first, &second, &third, &walk, output, block, weights)
        if walk.at >= min(end, walk.width) {
          (first, second, third) = (second, third, first)
          break
        }
        step(&second, &third, &first, &walk, output, block, weights)
        if walk.at >= min(end, walk.width) {
          (first, second, third) = (third, first, second)
          break
        }
        step(&third, &first, &second, &walk, output, block, weights)
      }
      walk.leave()
      while walk.at < end {
        step(&first, &second, &third, &walk, output, block, weights)
        (first, second, third) = (second, third, first)
      }
      write(first, output, walk, block)
    }

    /// The output `row` of two, with a stride of 2.
    @inline(never)
    static func row(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ row: Int
    ) {
      let block = StripBlock(arguments, task, A.quantum &* Vector.bytes)
      let weights = weights(block, stride: 2)
      var walk = RollingWalk(arguments, task, row)
      var output = task.output + row &* block.outputRow
      var left = arguments.pointee.outputWidth &- 1
      var (done, last) = (starts(block)[0], starts(block)[0])
      A.add(&last, single(walk, block), weights, tap: 0)
      walk.advance()
      A.add(&last, single(walk, block), weights, tap: 1)
      walk.advance()
      while left > 0 {
        let first = single(walk, block)
        walk.at &+= walk.step
        let second = single(walk, block)
        walk.at &+= walk.step
        A.add(&last, first, weights, tap: 2)
        done = last
        last = starts(block)[0]
        A.add(&last, first, weights, tap: 0)
        A.add(&last, second, weights, tap: 1)
        write(done, output, block)
        output += walk.step
        left &-= 1
      }
      if walk.at >= walk.width { walk.leave() }
      A.add(&last, single(walk, block), weights, tap: 2)
      write(last, output, block)
    }

    @inline(__always)
    private static func single(_ walk: RollingWalk, _ block: StripBlock) -> RollingColumn {
      A.singleColumn(walk.rows, walk.at, width(block), half)
    }

    /// Writes the output that is `done`, and brings the next column to three others.
    @inline(__always)
    private static func step(
      _ done: inout Sums, _ last: inout Sums, _ middle: inout Sums, _ walk: inout RollingWalk,
      _ output: RollingOutput, _ block: StripBlock, _ weights: RollingWeights
    ) {
      // Reading first, where registers are left for it, hides how long it takes.
      if !A.readsFirst { write(done, output, walk, block) }
      let values = column(walk, block)
      if A.readsFirst { write(done, output, walk, block) }
      done = starts(block)
      var weights = weights
      if !A.keepsWeights { weights[unchecked: 0] = tapWeights(block, stride: 1, tap: 0) }
      A.add(&done, values, weights, tap: 0)
      A.add(&middle, values, weights, tap: 1)
      A.add(&last, values, weights, tap: 2)
      // Otherwise each of three steps has pointers of its own, on the stack.
      walk.at = cnarrow_same(walk.at &+ walk.step)
    }

    @inline(__always)
    private static func column(_ walk: RollingWalk, _ block: StripBlock) -> RollingColumn {
      A.column(walk.rows, walk.at, width(block), half)
    }

    /// Bias, and of integers what the zero point makes of all weights; read anew each time, where a register
    /// for it would cost another one.
    @inline(__always)
    private static func starts(_ block: StripBlock) -> Sums {
      let place = cvector_reloaded(block.starts) + 2 &* half &* Vector.bytes
      let pair: RollingPair = [Vector(at: place), Vector(at: place + Vector.bytes)]
      return [pair, pair]
    }

    /// The weights of a block of channels.
    @inline(__always)
    private static func weights(_ block: StripBlock, stride: Int) -> RollingWeights {
      [
        tapWeights(block, stride: stride, tap: 0), tapWeights(block, stride: stride, tap: 1),
        tapWeights(block, stride: stride, tap: 2),
      ]
    }

    @inline(__always)
    private static func tapWeights(
      _ block: StripBlock, stride: Int, tap: Int
    ) -> InlineArray<2, RollingPair> {
      let filter = cvector_reloaded(block.filter)
      func pair(_ index: Int) -> RollingPair {
        let (row, quantum) = A.weights(index, stride: stride)
        let place = (3 &* quantum &+ tap) &* A.quantum &+ 2 &* half
        let weights = filter + row &* block.filterRow + place &* Vector.bytes
        return [Vector(at: weights), Vector(at: weights + Vector.bytes)]
      }
      return [pair(0), pair(1)]
    }

    @inline(__always)
    private static func write(
      _ sums: RollingPair, _ output: UnsafeMutableRawPointer, _ block: StripBlock
    ) {
      A.write(relu > 0 ? A.rectified(sums) : sums, block, output, width(block), half)
    }

    @inline(__always)
    private static func width(_ block: StripBlock) -> Int {
      whole > 0 ? Vector.bytes : block.width
    }

    @inline(__always)
    private static func write(
      _ sums: Sums, _ output: RollingOutput, _ walk: RollingWalk, _ block: StripBlock
    ) {
      // A second row that does not exist is overwritten by the first.
      write(sums[unchecked: 1], output.second + walk.at, block)
      write(sums[unchecked: 0], output.first + walk.at, block)
    }
  }

  /// Where column 0 of the input would be in the rows of the output.
  struct RollingOutput {
    var first, second: UnsafeMutableRawPointer
  }
#endif
