// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector
  internal import Convolution

  extension NarrowKernel {
    /// Copies what the rows of a task read of each panel's channels, and sums from there.
    static func computeCopied(
      _ arguments: UnsafePointer<DirectArguments>, _ copy: DirectCopy, _ panels: DirectRange,
      _ rows: DirectRange, _ segment: Int, _ scratch: UnsafeMutableRawPointer
    ) {
      let first = arguments.pointee.rows + rows.first
      let last = arguments.pointee.rows + rows.end - 1
      let bytes = A.elementBytes &* (last.pointee.input &- first.pointee.input)
      let count = bytes / copy.inputRow &+ last.pointee.taps
      var panel = panels.first
      while panel < panels.end {
        let entry = arguments.pointee.panels + panel
        let start = A.elementBytes &* (first.pointee.input &+ entry.pointee.inputStart)
        CopiedRows<A>.lay(copy, UnsafeRawPointer(arguments.pointee.input) + start, count, scratch)
        sumCopied(arguments, copy, entry, rows, segment, scratch)
        panel &+= 1
      }
    }

    /// The sums of a panel; neighbouring rows with the same taps are swept together.
    private static func sumCopied(
      _ arguments: UnsafePointer<DirectArguments>, _ copy: DirectCopy,
      _ panel: UnsafePointer<DirectPanel>, _ rows: DirectRange, _ segment: Int,
      _ input: UnsafeRawPointer
    ) {
      let steps = arguments.pointee.steps
      let bias = UnsafeRawPointer(arguments.pointee.bias + panel.pointee.biasStart)
      let result =
        UnsafeMutableRawPointer(arguments.pointee.output) + A.elementBytes
        &* panel.pointee.outputStart
      var narrow = NarrowWork(A.self, steps, panel, runs: 1, bias: bias, result: result)
      setOutput(arguments, panel, &narrow)
      let filter = UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart)
      var work = CopiedWork(narrow, copy, filter)
      let part = arguments.pointee.segments[panel.pointee.firstSegment + segment]
      let first = arguments.pointee.rows[rows.first].input
      var index = rows.first
      while index < rows.end {
        let row = arguments.pointee.rows + index
        let lines = A.elementBytes &* (row.pointee.input &- first) / copy.inputRow
        work.rows = alike(row, rows.end &- index)
        work.resultRow = A.elementBytes &* (row[work.rows > 1 ? 1 : 0].output &- row.pointee.output)
        work.taps = row.pointee.taps
        work.filter = filter + row.pointee.firstTap &* copy.rowQuanta &* narrow.width
        work.result = result + A.elementBytes &* row.pointee.output
        work.compensation = compensation(arguments, panel, row, 0)
        sweepCopied(
          arguments, copy, &work, panel.pointee.vectors, part, input: input + lines &* copy.row)
        index &+= work.rows
      }
    }

    /// Rows from `row` on, of `most`, that see the same rows of taps.
    @inline(__always)
    private static func alike(_ row: UnsafePointer<DirectRow>, _ most: Int) -> Int {
      var count = 1
      while count < most, row[count].tapClass == row.pointee.tapClass { count &+= 1 }
      return count
    }

    /// The tiles of rows with the same taps.
    @inline(__always)
    private static func sweepCopied(
      _ arguments: UnsafePointer<DirectArguments>, _ copy: DirectCopy, _ work: inout CopiedWork,
      _ vectors: Int, _ part: DirectSegment, input: UnsafeRawPointer
    ) {
      let (result, compensation) = (work.result, work.compensation)
      var place = part.sweeps.first
      while place < part.sweeps.end {
        let sweep = arguments.pointee.sweeps + place
        place &+= 1
        work.tiles = sweep.pointee.tiles
        work.result = result + sweep.pointee.firstPixel &* work.resultPixel
        work.compensation =
          compensation + sweep.pointee.tapClass &* vectors &* Vector.bytes
        let pixels = sweep.pointee.pixels
        let most = DirectCopy.rows(pixels: pixels, vectors: vectors)
        let rows = work.rows < most ? 1 : most
        let input = input + sweep.pointee.firstPixel &* work.inputPixel
        if copy.vectors > 0 {
          CopiedTiles.sweepLaid(A.self, rows, pixels, &work, input)
        } else {
          CopiedTiles.sweep(A.self, rows, pixels, vectors, &work, input)
        }
      }
    }
  }

  /// Lays rows of the input with what is outside of it.
  private enum CopiedRows<A: Arithmetic> {
    /// `count` rows from `input` on; writes up to a vector behind them.
    @inline(never)
    static func lay(
      _ copy: DirectCopy, _ input: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer
    ) {
      let outside = Vector(at: copy.table)
      var (input, target, left) = (input, target, count)
      while left > 0 {
        let inside = target + copy.left &* copy.pixel
        let right = inside + copy.inside &* copy.pixel
        fill(target, to: inside, outside)
        if copy.vectors > 0 { spread(copy, input, inside) } else { move(copy, input, inside) }
        fill(right, to: target + copy.row, outside)
        input += copy.inputRow
        target += copy.row
        left &-= 1
      }
    }

    /// Fills whole vectors, the last one beyond `end`: what belongs there is written later.
    @inline(__always)
    private static func fill(
      _ start: UnsafeMutableRawPointer, to end: UnsafeMutableRawPointer, _ outside: Vector
    ) {
      var place = start
      while place < end {
        outside.store(place)
        place += Vector.bytes
      }
    }

    /// Pixels of one group, of which each is written with zeros behind it; the next one overwrites those.
    ///
    /// Narrow ones by narrow stores, of which fewer lie across two cache lines.
    @inline(__always)
    private static func move(
      _ copy: DirectCopy, _ input: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
    ) {
      var (input, target, left) = (input, target, copy.inside)
      while left > 0 {
        if copy.width <= 16 {
          cnarrow_move_16(input, target, copy.width)
        } else if copy.width <= 32 {
          cnarrow_move_32(input, target, copy.width)
        } else {
          var done = 0
          repeat {
            Vector(first: min(Vector.bytes, copy.width &- done), at: input + done).store(
              target + done)
            done &+= Vector.bytes
          } while done < copy.width
        }
        input += copy.inputPixel
        target += copy.pixel
        left &-= 1
      }
    }

    /// Pixels of several groups.
    @inline(__always)
    private static func spread(
      _ copy: DirectCopy, _ input: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
    ) {
      var (input, target, left) = (input, target, copy.inside)
      while left > 0 {
        let pixel = Vector(first: copy.width, at: input)
        var (order, vectors) = (copy.table, copy.vectors)
        repeat {
          order += Vector.bytes
          A.arranged(pixel, Vector(at: order)).store(target)
          target += Vector.bytes
          vectors &-= 1
        } while vectors > 0
        input += copy.inputPixel
        left &-= 1
      }
    }
  }
#endif
