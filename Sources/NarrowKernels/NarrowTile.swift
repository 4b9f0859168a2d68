// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// The microkernel of bf16 and integers: `pixels` × `vectors` sums in registers.
///
/// It does what `DirectTile` of the 32-bit floats does, with quanta for floats. Sums that are not complete,
/// because another block of channels or the taps at the image's edge are still to come, wait in 32 bits,
/// `[pixel][vector][lane]`: an output has no room for them. Narrow tiles have too few sums to hide the
/// latency of a product; they keep `splits` partial sums of each, added up at the end.
struct NarrowTile<
  let pixels: Int, let vectors: Int, let splits: Int, A: Arithmetic, Source: QuantumSource
> {
  typealias Sums = InlineArray<splits, InlineArray<pixels, InlineArray<vectors, Vector>>>
  typealias Input = UnsafeRawPointer
  typealias Output = UnsafeMutableRawPointer

  @inline(__always) private static var rowBytes: Int { vectors &* Vector.bytes }
  @inline(__always) private static var mergesRuns: Bool {
    Source.mergesRuns && NarrowWork.mergesRuns(vectors: vectors)
  }

  /// Computes `work.tiles` tiles side by side, whose incomplete sums are at `waiting`.
  @inline(never)
  static func sweep(
    _ work: UnsafePointer<NarrowWork>, _ input: Input, _ filter: Input, _ waiting: Output
  ) {
    var input = input
    var waiting = waiting
    var result = work.pointee.result
    var ahead = work.pointee.ahead
    var tiles = work.pointee.tiles
    repeat {
      var later = DirectAhead(
        ahead, before: work.pointee.aheadEnd, step: work.pointee.aheadStep, else: filter)
      var sums = start(work, waiting)
      if work.pointee.runs > 0 { sum(work, input, filter, &later, &sums) }
      if work.pointee.finishes {
        finish(work, sums, result)
      } else {
        for pixel in 0..<pixels {
          for vector in 0..<vectors {
            total(sums, pixel, vector).store(waiting + pixel &* rowBytes + vector &* Vector.bytes)
          }
        }
      }
      input += pixels &* work.pointee.inputPixel
      waiting += pixels &* rowBytes
      result += pixels &* work.pointee.resultPixel
      ahead += work.pointee.aheadTile
      tiles &-= 1
    } while tiles > 0
  }

  /// The sums before the first product.
  @inline(__always)
  private static func start(_ work: UnsafePointer<NarrowWork>, _ waiting: Output) -> Sums {
    let zeros = InlineArray<vectors, Vector>(repeating: Vector())
    var sums = Sums(repeating: InlineArray(repeating: zeros))
    if work.pointee.clears {
      for vector in 0..<vectors {
        var value = Vector(at: work.pointee.bias + vector &* Vector.bytes)
        if A.isCompensated {
          value = A.join(value, Vector(at: work.pointee.compensation + vector &* Vector.bytes))
        }
        for pixel in 0..<pixels {
          sums[unchecked: 0][unchecked: pixel][unchecked: vector] = value
        }
      }
    } else {
      for pixel in 0..<pixels {
        for vector in 0..<vectors {
          var value = Vector(at: waiting + pixel &* rowBytes + vector &* Vector.bytes)
          if A.isCompensated {
            value = A.join(value, Vector(at: work.pointee.compensation + vector &* Vector.bytes))
          }
          sums[unchecked: 0][unchecked: pixel][unchecked: vector] = value
        }
      }
    }
    return sums
  }

  /// Writes complete sums where the output has them.
  @inline(__always)
  private static func finish(
    _ work: UnsafePointer<NarrowWork>, _ sums: borrowing Sums, _ result: Output
  ) {
    // Read once: the stores below could change them for all the compiler knows.
    let (step, vectorStep) = (work.pointee.resultPixel, work.pointee.resultVector)
    let output = work.pointee.output
    #if NARROW_AVX512BF16
      let lanes = work.pointee.lanes
      if lanes < Vector.count {
        for pixel in 0..<pixels {
          let target = result + pixel &* step
          for vector in 0..<vectors - 1 {
            A.finish(
              total(sums, pixel, vector), target + vector &* vectorStep, output, vector: vector)
          }
          A.finish(
            total(sums, pixel, vectors - 1), target + (vectors - 1) &* vectorStep, output,
            vector: vectors - 1, count: lanes)
        }
        return
      }
    #endif
    for pixel in 0..<pixels {
      for vector in 0..<vectors {
        A.finish(
          total(sums, pixel, vector), result + pixel &* step + vector &* vectorStep, output,
          vector: vector)
      }
    }
  }

  /// A sum over its parts.
  @inline(__always)
  private static func total(_ sums: borrowing Sums, _ pixel: Int, _ vector: Int) -> Vector {
    var total = sums[unchecked: 0][unchecked: pixel][unchecked: vector]
    for split in 1..<splits {
      total = A.join(total, sums[unchecked: split][unchecked: pixel][unchecked: vector])
    }
    return total
  }

  /// The loop nest; each loop runs at least once, see `DirectTile`.
  @inline(__always)
  private static func sum(
    _ work: UnsafePointer<NarrowWork>, _ input: Input, _ filter: Input,
    _ later: inout DirectAhead, _ sums: inout Sums
  ) {
    var rowInput = input
    var rowFilter = filter
    var rows = work.pointee.tapRows
    repeat {
      var tapInput = rowInput
      var tapFilter = rowFilter
      var columns = work.pointee.tapColumns
      repeat {
        var runInput = tapInput
        var runFilter = tapFilter
        var runs = work.pointee.runs
        repeat {
          let quanta = runs == 1 ? work.pointee.lastRun : work.pointee.run
          let rest = runs == 1 ? work.pointee.lastRest : work.pointee.rest
          sum(work, quanta, rest, runInput, runFilter, &later, &sums)
          runInput += work.pointee.inputRun
          runFilter += work.pointee.filterRun
          runs &-= 1
        } while runs > 0
        tapInput += work.pointee.inputTapColumn
        tapFilter += work.pointee.filterTapColumn
        columns &-= 1
      } while columns > 0
      rowInput += work.pointee.inputTapRow
      rowFilter += work.pointee.filterTapRow
      rows &-= 1
    } while rows > 0
  }

  /// Adds the products of one run of `quanta`, and of the `rest` of its channels behind them.
  ///
  /// What does not fill a pass goes to the first partial sum only.
  @inline(__always)
  private static func sum(
    _ work: UnsafePointer<NarrowWork>, _ quanta: Int, _ rest: Int, _ input: Input,
    _ filter: Input, _ later: inout DirectAhead, _ sums: inout Sums
  ) {
    var inputs = PixelPointers<pixels>(input, pitch: work.pointee.inputPixel)
    var filter = filter
    var source = Source(work)
    var (left, inRun) = (quanta, work.pointee.period)
    while left >= splits {
      for split in 0..<splits {
        later.ask()
        add(inputs, source, filter, &sums[unchecked: split])
        inputs.advance(step(work, source, &inRun))
        source.advance()
        filter += rowBytes
        // Otherwise the inputs of all splits are loaded first, and wait on the stack.
        if splits > 1 { inputs.settle() }
      }
      left &-= splits
    }
    if splits > 1 && left > 0 {
      repeat {
        later.ask()
        add(inputs, source, filter, &sums[unchecked: 0])
        inputs.advance(step(work, source, &inRun))
        source.advance()
        filter += rowBytes
        left &-= 1
      } while left > 0
    }
    if A.readsRest && rest > 0 { addRest(inputs, filter, &sums[unchecked: 0]) }
  }

  /// Bytes from a quantum of the input to the next; `inRun` counts those that are left of a run.
  @inline(__always)
  private static func step(
    _ work: UnsafePointer<NarrowWork>, _ source: Source, _ inRun: inout Int
  ) -> Int {
    guard mergesRuns else { return source.step }
    inRun &-= 1
    let isLast = inRun == 0
    inRun = isLast ? work.pointee.period : inRun
    return isLast ? work.pointee.jump : source.step
  }

  /// Adds the products of one quantum of channels.
  @inline(__always)
  private static func add(
    _ inputs: PixelPointers<pixels>, _ source: Source, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>
  ) {
    var inputs = inputs
    var filter = filter
    for pass in 0..<A.passes {
      var weights = InlineArray<vectors, Vector>(repeating: Vector())
      for vector in 0..<vectors {
        weights[unchecked: vector] = A.weights(Vector(at: filter + vector &* Vector.bytes), pass)
      }
      for pixel in 0..<pixels {
        let value = A.input(source.quantum(inputs[pixel]), pass)
        for vector in 0..<vectors {
          sums[unchecked: pixel][unchecked: vector] = A.add(
            sums[unchecked: pixel][unchecked: vector], value, weights[unchecked: vector])
        }
        // Converted one by one; what is loaded again needs no register meanwhile.
        if A.passes > 1 { inputs.settle() }
      }
      if A.passes > 1 { filter = cvector_reloaded(filter) }
    }
  }

  /// Adds the products of the one channel that is left of a quantum; what lies behind it is not read.
  @inline(__always)
  private static func addRest(
    _ inputs: PixelPointers<pixels>, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>
  ) {
    for pixel in 0..<pixels {
      let channel = UInt32(inputs[pixel].loadUnaligned(as: UInt16.self))
      let value = A.input(Vector(repeating: channel), 0)
      for vector in 0..<vectors {
        sums[unchecked: pixel][unchecked: vector] = A.add(
          sums[unchecked: pixel][unchecked: vector], value,
          A.weights(Vector(at: filter + vector &* Vector.bytes), 0))
      }
    }
  }
}
