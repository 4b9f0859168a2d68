// SPDX-License-Identifier: Apache-2.0

#if !NARROW_BASELINE
  internal import CVector
  internal import Convolution

  #if NARROW_AVX512BF16
    /// What strips are of.
    typealias StripNumbers = RollingArithmetic
  #else
    /// What strips are of.
    typealias StripNumbers = StripArithmetic
  #endif

  /// Depthwise convolution of bf16 or integers, and convolution in groups of few channels, channels innermost.
  ///
  /// What `NarrowStripShape` says: rows of the input are laid into a strip, zero points around them, and tiles
  /// sum from there. A task is a block of channels of two output rows.
  enum StripKernel<let pixels: Int, let vectors: Int, A: StripNumbers> {
    /// Executes tasks; the contract of `KernelEntry.Run`.
    static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
      let arguments = context.assumingMemoryBound(to: NarrowStripArguments.self)
      let shape = arguments.pointee.shape
      let strip = arguments.pointee.strips + worker &* shape.quanta &* shape.quantumBytes
      var task = first
      while task < end {
        let part = StripTask(A.self, arguments, task)
        task &+= 1
        #if NARROW_AVX512BF16
          if shape.rolls {
            RollingKernel<A>.compute(arguments, part)
            continue
          }
          if shape.isWidened {
            WidenedKernel.compute(arguments, part)
            continue
          }
        #endif
        var column = 0
        while column < arguments.pointee.outputWidth {
          let count = min(shape.outputs, arguments.pointee.outputWidth &- column)
          StripLaying<vectors, A>.lay(arguments, part, column, tiles(count), strip)
          StripTile<pixels, vectors, A>.sweep(arguments, part, column, count, strip)
          column &+= count
        }
      }
    }

    /// Outputs of the tiles for `count` outputs.
    @inline(__always)
    private static func tiles(_ count: Int) -> Int { (count &+ pixels &- 1) / pixels &* pixels }
  }

  /// Where a task reads and writes.
  struct StripTask {
    /// The block of channels, and the bytes of a pixel's channels in it.
    let block: Int, width: Int
    /// The first channel of the block in the image, and in the first pixel of the first output row.
    let input: UnsafeRawPointer, output: UnsafeMutableRawPointer
    /// The row of the input that the first row of taps meets, which may lie above it, and the output rows.
    let row: Int, rows: Int
    /// Bytes of a pixel.
    let bytes: Int

    @inline(__always)
    init<A: StripArithmetic>(
      _: A.Type, _ arguments: UnsafePointer<NarrowStripArguments>, _ task: Int
    ) {
      let (pairs, pitch) = (arguments.pointee.shape.pairs, arguments.pointee.shape.rowPitch)
      let (place, block) = (task / arguments.pointee.blocks, task % arguments.pointee.blocks)
      let (image, pair) = (place / pairs, place % pairs)
      let row = pair / pitch &* 2 &* pitch &+ pair % pitch
      let channel = block &* arguments.pointee.shape.channels
      let left = arguments.pointee.channels &- channel
      self.block = block
      width = A.elementBytes &* min(left, A.channels)
      bytes = A.elementBytes &* arguments.pointee.channels
      let (inputs, outputs) = (
        arguments.pointee.inputHeight &* arguments.pointee.inputWidth,
        arguments.pointee.outputHeight &* image &+ row
      )
      input = arguments.pointee.input + image &* inputs &* bytes + channel &* A.elementBytes
      output =
        arguments.pointee.output + outputs &* arguments.pointee.outputWidth &* bytes + channel
        &* A.elementBytes
      self.row = row &* arguments.pointee.strideHeight &- arguments.pointee.paddingTop
      rows = row &+ pitch < arguments.pointee.outputHeight ? 2 : 1
    }
  }

  /// Lays rows of the input into a strip.
  enum StripLaying<let vectors: Int, A: StripArithmetic> {
    /// All sets of rows, from what the first tap of the output `column` meets on, for `outputs` outputs.
    @inline(never)
    static func lay(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ column: Int,
      _ outputs: Int, _ strip: UnsafeMutableRawPointer
    ) {
      let shape = arguments.pointee.shape
      let stride = arguments.pointee.strideWidth
      let columns =
        (outputs &- 1) &* stride &+ (arguments.pointee.kernelWidth &- 1)
        &* arguments.pointee.dilationWidth &+ 1
      let first = column &* stride &- arguments.pointee.paddingLeft
      let start = min(max(0, 0 &- first), columns)
      let end = max(start, min(columns, arguments.pointee.inputWidth &- first))
      let pitch = vectors &* Vector.bytes
      var (set, quantum) = (0, strip)
      while set < shape.sets {
        var part = 0
        while part < shape.parts {
          let target = quantum + part &* shape.quantumBytes
          fill(arguments, target, start &* vectors)
          fill(arguments, target + end &* pitch, (columns &- end) &* vectors)
          part &+= 1
        }
        let rows = StripRows(arguments, task, set, column: first &+ start)
        // A whole register is loaded several times as fast.
        if task.width == Vector.bytes {
          lay(arguments, rows, quantum + start &* pitch, end &- start, Vector.bytes)
        } else {
          lay(arguments, rows, quantum + start &* pitch, end &- start, task.width)
        }
        quantum += shape.parts &* shape.quantumBytes
        set &+= 1
      }
    }

    /// `count` vectors of what lies outside the image.
    @inline(__always)
    private static func fill(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ target: UnsafeMutableRawPointer,
      _ count: Int
    ) {
      let outside = Vector(at: arguments.pointee.outside + Vector.bytes)
      var (target, left) = (target, count)
      while left > 0 {
        outside.store(target)
        target += Vector.bytes
        left &-= 1
      }
    }

    /// A set of rows, `count` columns inside the image.
    @inline(__always)
    private static func lay(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ rows: StripRows,
      _ target: UnsafeMutableRawPointer, _ count: Int, _ width: Int
    ) {
      var (rows, target, left) = (rows, target, count)
      let shape = arguments.pointee.shape
      if shape.slots > 1 {
        while left > 0 {
          A.interleave(rows, width, target)
          rows.advance()
          target += vectors &* Vector.bytes
          left &-= 1
        }
        return
      }
      while left > 0 {
        let row = Vector(first: width, at: rows.first)
        var (part, place, order) = (0, target, arguments.pointee.permutations)
        repeat {
          for vector in 0..<vectors {
            row.permutedBytes(Vector(at: order + vector &* Vector.bytes)).store(
              place + vector &* Vector.bytes)
          }
          place += shape.quantumBytes
          order += vectors &* Vector.bytes
          part &+= 1
        } while part < shape.parts
        rows.advance()
        target += vectors &* Vector.bytes
        left &-= 1
      }
    }
  }

  /// The rows of a set, at one column; what lies above and below the image is one vector, again and again.
  struct StripRows {
    var first, second, third, fourth: UnsafeRawPointer
    private let steps: (Int, Int, Int, Int)

    @inline(__always)
    init(
      _ arguments: UnsafePointer<NarrowStripArguments>, _ task: StripTask, _ set: Int, column: Int
    ) {
      let slots = arguments.pointee.shape.slots
      let rows = arguments.pointee.inputRows + set &* slots
      func row(_ slot: Int) -> (UnsafeRawPointer, Int) {
        let outside = (arguments.pointee.outside, 0)
        guard slot < slots, rows[slot] >= 0 else { return outside }
        let row = task.row &+ Int(rows[slot])
        guard row >= 0, row < arguments.pointee.inputHeight else { return outside }
        let pixel = row &* arguments.pointee.inputWidth &+ column
        return (task.input + pixel &* task.bytes, task.bytes)
      }
      let (one, two, three, four) = (row(0), row(1), row(2), row(3))
      (first, second, third, fourth) = (one.0, two.0, three.0, four.0)
      steps = (one.1, two.1, three.1, four.1)
    }

    @inline(__always)
    mutating func advance() {
      first += steps.0
      second += steps.1
      third += steps.2
      fourth += steps.3
    }
  }
#endif
