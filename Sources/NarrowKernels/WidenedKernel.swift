// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector
  internal import Convolution

  /// Depthwise convolution of bf16 that become floats in registers, and are multiplied one by one.
  ///
  /// A vector of channels is two of floats: the first number of each lane, and the second. That takes twice the
  /// products of a strip, and nothing is laid: where outputs share few rows of the input, it is faster.
  enum WidenedKernel {
    /// Two output rows of a block of channels.
    @inline(__always)
    static func compute(_ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask) {
      var row = 0
      while row < task.rows {
        if task.width == Vector.bytes {
          WidenedRow<1>.compute(arguments, task, row)
        } else {
          WidenedRow<0>.compute(arguments, task, row)
        }
        row &+= 1
      }
    }
  }

  /// A row of outputs; with `whole` 1 pixels are whole registers, without masks.
  enum WidenedRow<let whole: Int> {
    @inline(never)
    static func compute(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ row: Int
    ) {
      let walk = WidenedWalk(arguments, task, row)
      let outputs = arguments.pointee.outputWidth
      let (first, end) = walk.insideOutputs(arguments)
      var column = 0
      while column < outputs {
        if column < first || column >= end || end &- first < 4 {
          WidenedTile<1, 3, whole>.compute(walk, column, walk.columns(arguments, column))
          column &+= 1
          continue
        }
        // The last tile may begin inside the one before.
        let left = end &- column
        let all = (first: 0, end: walk.block.taps)
        if left > 4 && end &- first >= 8 {
          WidenedTile<8, 1, whole>.compute(walk, min(column, end &- 8), all)
          column = min(column &+ 8, end)
        } else {
          WidenedTile<4, 1, whole>.compute(walk, min(column, end &- 4), all)
          column = min(column &+ 4, end)
        }
      }
    }
  }

  /// What the outputs of a row have in common; steps count bytes.
  struct WidenedWalk {
    let block: StripBlock
    /// Where the first tap row inside the image meets column 0, its weights, and such rows.
    let input: UnsafeRawPointer, filter: UnsafeRawPointer
    let rows: Int
    /// From a row, a column and an output to the next in the input; a row of the filter.
    let inputRow: Int, inputTap: Int, inputPixel: Int, filterRow: Int
    /// Where the outputs go.
    let output: UnsafeMutableRawPointer

    @inline(__always)
    init(_ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ row: Int) {
      let columnBytes = 2 &* Vector.bytes
      block = StripBlock(arguments, task, columnBytes)
      let (step, height) = (
        arguments.pointee.shape.dilationHeight, arguments.pointee.inputHeight
      )
      let top = task.row &+ row &* arguments.pointee.strideHeight
      let first = top >= 0 ? 0 : (step &- 1 &- top) / step
      let end = height <= top ? 0 : (height &- top &- 1) / step &+ 1
      rows = max(0, min(end, arguments.pointee.shape.quantaPerRow) &- first)
      filterRow = arguments.pointee.kernelWidth &* columnBytes
      filter = block.filter + first &* filterRow
      let rowBytes = arguments.pointee.inputWidth &* task.bytes
      inputRow = step &* rowBytes
      inputTap = arguments.pointee.dilationWidth &* task.bytes
      inputPixel = arguments.pointee.strideWidth &* task.bytes
      input =
        task.input + (top &+ first &* step) &* rowBytes
        - arguments.pointee.paddingLeft &* task.bytes
      output = task.output + row &* block.outputRow
    }

    /// The outputs all of whose columns of taps lie inside the image.
    @inline(__always)
    func insideOutputs(
      _ arguments: UnsafePointer<NarrowStripArguments>
    ) -> (first: Int, end: Int) {
      let (stride, left) = (arguments.pointee.strideWidth, arguments.pointee.paddingLeft)
      let span = (arguments.pointee.kernelWidth &- 1) &* arguments.pointee.dilationWidth
      let last = arguments.pointee.inputWidth &- 1 &- span &+ left
      let end = last < 0 ? 0 : last / stride &+ 1
      let first = (left &+ stride &- 1) / stride
      return (first, max(first, min(end, arguments.pointee.outputWidth)))
    }

    /// The columns of taps of the output `column` that lie inside the image.
    @inline(__always)
    func columns(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ column: Int
    ) -> (first: Int, end: Int) {
      let step = arguments.pointee.dilationWidth
      let place = column &* arguments.pointee.strideWidth &- arguments.pointee.paddingLeft
      let first = place >= 0 ? 0 : (step &- 1 &- place) / step
      let left = arguments.pointee.inputWidth &- place
      let end = left <= 0 ? 0 : min((left &- 1) / step &+ 1, arguments.pointee.kernelWidth)
      return (first, max(first, end))
    }
  }

  /// The sums of `pixels` outputs, in `splits` parts each, which are added up at the end.
  enum WidenedTile<let pixels: Int, let splits: Int, let whole: Int> {
    typealias Sums = InlineArray<splits, InlineArray<pixels, RollingPair>>

    @inline(never)
    static func compute(_ walk: WidenedWalk, _ column: Int, _ taps: (first: Int, end: Int)) {
      let none = InlineArray<pixels, RollingPair>(repeating: [Vector(), Vector()])
      var sums = Sums(repeating: none)
      let starts = walk.block.starts
      sums[unchecked: 0] = InlineArray(
        repeating: [Vector(at: starts), Vector(at: starts + Vector.bytes)])
      let first = column &* walk.inputPixel &+ taps.first &* walk.inputTap
      var (input, left) = (walk.input + first, walk.rows)
      var filter = walk.filter + taps.first &* 2 &* Vector.bytes
      let columns = taps.end &- taps.first
      while left > 0 && columns > 0 {
        add(walk, input, filter, columns, &sums)
        input += walk.inputRow
        filter += walk.filterRow
        left &-= 1
      }
      for pixel in 0..<pixels {
        var total = sums[unchecked: 0][unchecked: pixel]
        for split in 1..<splits {
          for vector in 0..<2 {
            total[unchecked: vector] = BF16Arithmetic.join(
              total[unchecked: vector], sums[unchecked: split][unchecked: pixel][unchecked: vector])
          }
        }
        write(walk, total, column &+ pixel)
      }
    }

    /// The products of a row of taps.
    @inline(__always)
    private static func add(
      _ walk: WidenedWalk, _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ columns: Int,
      _ sums: inout Sums
    ) {
      var (input, filter, left) = (input, filter, columns)
      while left >= splits {
        for split in 0..<splits { add(walk, &input, &filter, &sums[unchecked: split]) }
        left &-= splits
      }
      if splits > 1 {
        while left > 0 {
          add(walk, &input, &filter, &sums[unchecked: 0])
          left &-= 1
        }
      }
    }

    /// The products of a tap.
    @inline(__always)
    private static func add(
      _ walk: WidenedWalk, _ input: inout UnsafeRawPointer, _ filter: inout UnsafeRawPointer,
      _ sums: inout InlineArray<pixels, RollingPair>
    ) {
      let weights: RollingPair = [Vector(at: filter), Vector(at: filter + Vector.bytes)]
      let width = whole > 0 ? Vector.bytes : walk.block.width
      for pixel in 0..<pixels {
        let values = Vector(first: width, at: input + pixel &* walk.inputPixel).lanes
        sums[unchecked: pixel][unchecked: 0].lanes = cnarrow_multiply_add(
          sums[unchecked: pixel][unchecked: 0].lanes, cnarrow_first_bf16(values),
          weights[unchecked: 0].lanes)
        sums[unchecked: pixel][unchecked: 1].lanes = cnarrow_multiply_add(
          sums[unchecked: pixel][unchecked: 1].lanes, cnarrow_second_bf16(values),
          weights[unchecked: 1].lanes)
      }
      input += walk.inputTap
      filter += 2 &* Vector.bytes
    }

    @inline(__always)
    private static func write(_ walk: WidenedWalk, _ sums: RollingPair, _ column: Int) {
      var (first, second) = (sums[unchecked: 0].lanes, sums[unchecked: 1].lanes)
      if walk.block.rectifies {
        (first, second) = (cnarrow_rectified(first), cnarrow_rectified(second))
      }
      let width = whole > 0 ? Vector.bytes : walk.block.width
      cnarrow_store_both_bf16(first, second, walk.output + column &* walk.block.bytes, width)
    }
  }
#endif
