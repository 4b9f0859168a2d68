// SPDX-License-Identifier: Apache-2.0

internal import CVector

extension DirectTile {
  /// The loop nest.
  ///
  /// Each loop runs at least once, and the sums pass through as few of them as can be: every place
  /// where control flow meets may cost a spill of all sums.
  @inline(__always)
  static func sum(
    _ work: UnsafePointer<DirectWork>, _ input: Input, _ filter: Input, _ sums: inout Sums
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
          sum(work, quanta, rest, runInput, runFilter, &sums)
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
  static func sum(
    _ work: UnsafePointer<DirectWork>, _ quanta: Int, _ rest: Int, _ input: Input,
    _ filter: Input, _ sums: inout Sums
  ) {
    let inputChannel = Steps.inputChannel(work)
    let filterChannel = Steps.filterChannel(work, packed: vectors &* vectorBytes)
    var inputs = PixelPointers<pixels>(input, pitch: work.pointee.inputPixel)
    var filter = filter
    var left = quanta
    while left >= unrolled {
      for channel in 0..<unrolled {
        add(inputs, filter, &sums[unchecked: channel % splits])
        inputs.advance(inputChannel)
        filter += filterChannel
        if keepsOrder {
          inputs.settle()
          filter = cvector_reloaded(filter)
        }
      }
      left &-= unrolled
    }
    if unrolled > 1 && left > 0 {
      repeat {
        add(inputs, filter, &sums[unchecked: 0])
        inputs.advance(inputChannel)
        filter += filterChannel
        left &-= 1
      } while left > 0
    }
    if A.readsRest && rest > 0 { addRest(inputs, filter, &sums[unchecked: 0]) }
  }

  /// Adds the products of one quantum of channels.
  @inline(__always)
  private static func add(
    _ inputs: PixelPointers<pixels>, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>
  ) {
    addPass(inputs, filter, &sums, 0)
    if A.passes > 1 {
      // What is loaded again needs no register meanwhile.
      var again = inputs
      again.settle()
      addPass(again, cvector_reloaded(filter), &sums, 1)
    }
  }

  /// Adds the products of the part of a quantum that `pass` multiplies.
  @inline(__always)
  private static func addPass(
    _ inputs: PixelPointers<pixels>, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>, _ pass: Int
  ) {
    var weights = InlineArray<vectors, Vector>(repeating: Vector())
    for vector in 0..<held {
      weights[unchecked: vector] = A.weights(filter + vector &* vectorBytes, pass)
    }
    for pixel in 0..<pixels {
      let value = A.input(inputs[pixel], pass)
      for vector in 0..<vectors {
        let weight =
          vector < held
          ? weights[unchecked: vector]
          : A.weights(cvector_reloaded(filter) + vector &* vectorBytes, pass)
        sums[unchecked: pixel][unchecked: vector] = A.add(
          sums[unchecked: pixel][unchecked: vector], value, weight)
      }
    }
  }

  /// Adds the products of the one channel that is left of a quantum.
  @inline(__always)
  private static func addRest(
    _ inputs: PixelPointers<pixels>, _ filter: Input,
    _ sums: inout InlineArray<pixels, InlineArray<vectors, Vector>>
  ) {
    for pixel in 0..<pixels {
      let value = A.first(inputs[pixel])
      for vector in 0..<vectors {
        sums[unchecked: pixel][unchecked: vector] = A.add(
          sums[unchecked: pixel][unchecked: vector], value,
          A.weights(filter + vector &* vectorBytes, 0))
      }
    }
  }
}
