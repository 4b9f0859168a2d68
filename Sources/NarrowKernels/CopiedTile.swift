// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector
  internal import Convolution

  /// `rows` × `pixels` outputs of `vectors` vectors, whose sums from a copy are in registers.
  ///
  /// All taps are there, so nothing waits. Products of bf16 take six cycles and two begin in each: rows short of
  /// twelve pixels are summed with those below.
  struct CopiedTile<
    let rows: Int, let pixels: Int, let vectors: Int, A: Arithmetic, Source: CopiedSource
  > {
    typealias Pixel = InlineArray<vectors, Vector>
    typealias Sums = InlineArray<rows, InlineArray<pixels, Pixel>>
    typealias Inputs = InlineArray<rows, PixelPointers<pixels>>

    /// Computes `work.rows` rows of `work.tiles` tiles side by side; where rows are left over, the last tiles
    /// compute some a second time.
    @inline(never)
    static func sweep(_ work: UnsafePointer<CopiedWork>, _ input: UnsafeRawPointer) {
      var row = 0
      repeat {
        let first = min(row, work.pointee.rows &- rows)
        var input = input + first &* work.pointee.inputRow
        var result = work.pointee.result + first &* work.pointee.resultRow
        var tiles = work.pointee.tiles
        repeat {
          var sums = start(work)
          sum(work, input, &sums)
          finish(work, sums, result)
          input += pixels &* work.pointee.inputPixel
          result += pixels &* work.pointee.resultPixel
          tiles &-= 1
        } while tiles > 0
        row &+= rows
      } while row < work.pointee.rows
    }

    /// The sums before the first product.
    @inline(__always)
    private static func start(_ work: UnsafePointer<CopiedWork>) -> Sums {
      var pixel = Pixel(repeating: Vector())
      for vector in 0..<vectors {
        let place = vector &* Vector.bytes
        let bias = Vector(at: work.pointee.bias + place)
        pixel[unchecked: vector] =
          A.isCompensated ? A.join(bias, Vector(at: work.pointee.compensation + place)) : bias
      }
      return Sums(repeating: InlineArray(repeating: pixel))
    }

    /// Adds the products of all quanta.
    @inline(__always)
    private static func sum(
      _ work: UnsafePointer<CopiedWork>, _ input: UnsafeRawPointer, _ sums: inout Sums
    ) {
      var inputs = Inputs(repeating: PixelPointers(input, pitch: work.pointee.inputPixel))
      for row in 1..<rows {
        inputs[unchecked: row] = PixelPointers(
          cvector_reloaded(input + row &* work.pointee.inputRow), pitch: work.pointee.inputPixel)
      }
      var filter = work.pointee.filter
      var taps = work.pointee.taps
      repeat {
        var left = work.pointee.quanta
        repeat {
          add(&inputs, filter, &sums)
          for row in 0..<rows { inputs[unchecked: row].advance(Source.bytes) }
          filter += vectors &* Vector.bytes
          left &-= 1
        } while left > 0
        for row in 0..<rows { inputs[unchecked: row].advance(work.pointee.jump) }
        taps &-= 1
      } while taps > 0
    }

    /// Adds the products of a quantum.
    @inline(__always)
    private static func add(
      _ inputs: inout Inputs, _ filter: UnsafeRawPointer, _ sums: inout Sums
    ) {
      var weights = Pixel(repeating: Vector())
      for vector in 0..<vectors {
        weights[unchecked: vector] = Vector(at: filter + vector &* Vector.bytes)
      }
      for row in 0..<rows {
        for pixel in 0..<pixels {
          let value = Source.loaded(inputs[unchecked: row][pixel])
          for vector in 0..<vectors {
            sums[unchecked: row][unchecked: pixel][unchecked: vector] = A.add(
              sums[unchecked: row][unchecked: pixel][unchecked: vector], value,
              weights[unchecked: vector])
          }
          // Otherwise all inputs are loaded first, and wait on the stack.
          if pixel == 9 || pixel == pixels - 1 && rows > 1 { inputs[unchecked: row].settle() }
        }
      }
    }

    /// Writes the outputs.
    @inline(__always)
    private static func finish(
      _ work: UnsafePointer<CopiedWork>, _ sums: borrowing Sums, _ result: UnsafeMutableRawPointer
    ) {
      // Read once: the stores below could change them for all the compiler knows.
      let (step, vectorStep) = (work.pointee.resultPixel, work.pointee.resultVector)
      let (rowStep, output, lanes) = (
        work.pointee.resultRow, work.pointee.output, work.pointee.lanes
      )
      for row in 0..<rows {
        for pixel in 0..<pixels {
          let target = result + row &* rowStep + pixel &* step
          for vector in 0..<vectors - 1 {
            A.finish(
              sums[unchecked: row][unchecked: pixel][unchecked: vector],
              target + vector &* vectorStep, output, vector: vector)
          }
          A.finish(
            sums[unchecked: row][unchecked: pixel][unchecked: vectors - 1],
            target + (vectors - 1) &* vectorStep, output, vector: vectors - 1, count: lanes)
        }
      }
    }
  }

  /// What a tile of copies needs to know besides its input; all steps count bytes.
  struct CopiedWork {
    /// Tiles side by side, and rows of outputs.
    var tiles = 1, rows = 1
    /// Rows of taps, quanta of each, and bytes from behind the last one to the first of the next row.
    var taps = 1
    let quanta: Int, jump: Int
    /// Steps through the copy and the output, for outputs and rows of them.
    let inputPixel: Int, inputRow: Int
    let resultPixel: Int, resultVector: Int
    var resultRow = 0
    /// Lanes of the last vector that are written.
    let lanes: Int
    /// Where weights and outputs are.
    var filter: UnsafeRawPointer, result: UnsafeMutableRawPointer
    /// What sums start from, and what becomes of them.
    let bias: UnsafeRawPointer
    var compensation: UnsafeRawPointer
    let output: NarrowOutput

    /// What is the same for all of `work`'s panel.
    @inline(__always)
    init(_ work: NarrowWork, _ copy: DirectCopy, _ filter: UnsafeRawPointer) {
      let quantum = copy.vectors > 0 ? Vector.bytes : 4
      quanta = copy.rowQuanta
      jump = copy.row &- quantum &* copy.rowQuanta
      (inputPixel, inputRow) = (copy.step &* copy.pixel, copy.stride &* copy.row)
      (resultPixel, resultVector, lanes) = (work.resultPixel, work.resultVector, work.lanes)
      (self.filter, result) = (filter, work.result)
      (bias, compensation, output) = (work.bias, work.bias, work.output)
    }
  }
#endif
