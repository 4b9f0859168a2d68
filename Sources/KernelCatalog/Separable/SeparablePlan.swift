// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a depthwise convolution and the pointwise one behind it are cut into strips.
struct SeparablePlan {
  /// What is computed.
  let operation: SeparableOperation
  /// The layout of input and output.
  let layout: Layout
  /// How many workers compute it.
  let workers: Int
  /// Output rows of each strip of an image: all of one height, or the first ones a row higher.
  let strips: [Range<Int>]
  /// The depthwise convolution as lines whose outputs lie in a strip.
  let lines: LinePlan
  /// Distances in a strip, which has channels innermost in every layout: the products then take all
  /// channels in one run.
  let strip: LineTensor
  /// Whether reading the filter of the products again for each strip costs little: it stays in level
  /// 2, or enough pixels use it each time.
  private let sparesFilter: Bool
  /// The kernel of the products.
  let product: DirectVariant

  /// A strip may take a half of level 2, and a filter, too, if it is to stay there.
  private static let share = 2
  /// So many pixels of a strip use a filter that is not near: with 512 channels and a filter of 1 MiB
  /// 98 gained a tenth, with 1024 outputs 21 to 28 lost 3 to 10 %, on Zen 3.
  private static let enoughPixels = 64

  /// The plan for `operation`.
  init(
    _ operation: SeparableOperation, layout: Layout, instructionSet: InstructionSet, workers: Int,
    caches: CacheSizes
  ) {
    let problem = operation.depthwise.problem
    self.operation = operation
    self.layout = layout
    self.workers = workers
    // What multiplies must not depend on the number of workers, or results would.
    let alone = Self.strips(problem, workers: 1, caches: caches)
    product = Self.fastest(
      Self.product(operation, rows: alone[0].count),
      KernelCatalog.entries(instructionSet).filter { $0.family == .direct }.map {
        DirectVariant($0, input: .nhwc, output: layout, caches: caches)
      })
    strips = Self.strips(
      alone, Self.strips(problem, workers: workers, caches: caches), operation, product)
    strip = Self.strip(problem, rows: strips[0].count, lanes: instructionSet.lanes)
    let filterBytes = operation.pointwise.problem.filterCount * ElementType.f32.bytes
    sparesFilter =
      filterBytes <= caches.level2 / Self.share || problem.batch * strips.count == 1
      || strips[strips.count - 1].count * problem.output.width >= Self.enoughPixels
    lines = Self.lines(problem, layout, instructionSet, strip)
  }

  private static func fastest(
    _ product: ConvolutionOperation, _ variants: [DirectVariant]
  ) -> DirectVariant {
    let fastest = variants.min {
      $0.predictedCycles(product, workers: 1) < $1.predictedCycles(product, workers: 1)
    }
    guard let fastest else { preconditionFailure("every instruction set has direct kernels") }
    return fastest
  }

  /// Rows of nearly equal strips, as many for each worker where that is possible.
  private static func strips(
    _ problem: ConvolutionProblem, workers: Int, caches: CacheSizes
  ) -> [Range<Int>] {
    let rows = problem.output.height
    let rowBytes =
      problem.output.width * problem.outChannels * ElementType.f32.bytes
    let fitting = max(1, caches.level2 / share / rowBytes)
    let count = DirectBlocking.evened(
      (rows + fitting - 1) / fitting, of: rows, others: problem.batch, workers: workers)
    return cut(rows, into: count)
  }

  /// Cuts `rows` into `count` strips of one height, or the first ones a row higher.
  private static func cut(_ rows: Int, into count: Int) -> [Range<Int>] {
    let (least, higher) = rows.quotientAndRemainder(dividingBy: count)
    let start = { (strip: Int) in strip * least + min(strip, higher) }
    return (0..<count).map { start($0)..<start($0 + 1) }
  }

  /// As many strips as there are for all workers, or the most that still sum as those of one worker
  /// do.
  private static func strips(
    _ alone: [Range<Int>], _ shared: [Range<Int>], _ operation: SeparableOperation,
    _ product: DirectVariant
  ) -> [Range<Int>] {
    let output = operation.depthwise.problem.output
    let lanes = product.entry.instructionSet.lanes
    let widths = DirectPanels.widths(
      of: (operation.pointwise.problem.outChannels + lanes - 1) / lanes,
      widest: product.entry.registerBlock.vectors, instructionSet: product.entry.instructionSet)
    let order = SummationOrder(
      vectors: Set(widths), instructionSet: product.entry.instructionSet)
    func pixels(_ strips: [Range<Int>]) -> [Range<Int>] {
      strips.map { $0.lowerBound * output.width..<$0.upperBound * output.width }
    }
    return (alone.count...max(alone.count, shared.count)).reversed()
      .map { cut(output.height, into: $0) }
      .first { order.isSame(pixels($0), pixels(alone)) } ?? alone
  }

  /// A strip of `rows` rows; its pixels are an odd number of cache lines apart, so that those of a
  /// row do not meet in few cache sets.
  private static func strip(_ problem: ConvolutionProblem, rows: Int, lanes: Int) -> LineTensor {
    let line = 64 / ElementType.f32.bytes
    let lines = (problem.outChannels + line - 1) / line | 1
    return LineTensor(
      ActivationShape(
        batch: 1, channels: lines * line, extent: Extent(rows, problem.output.width)),
      layout: .nhwc, lanes: lanes)
  }

  private static func lines(
    _ problem: ConvolutionProblem, _ layout: Layout, _ instructionSet: InstructionSet,
    _ strip: LineTensor
  ) -> LinePlan {
    let geometry = LineGeometry(
      problem, source: .ownChannel, layout: layout, lanes: instructionSet.lanes, output: strip)
    let plan = LinePlan(
      problem, geometry, layout: layout, entries: LineEntry.entries(instructionSet))
    guard let plan else {
      preconditionFailure("a kernel of one output and one tap fits every problem")
    }
    return plan
  }

  /// The products of a strip of `rows` rows.
  static func product(_ operation: SeparableOperation, rows: Int) -> ConvolutionOperation {
    let problem = operation.pointwise.problem
    let strip = try? ConvolutionProblem(
      inChannels: problem.inChannels, outChannels: problem.outChannels,
      input: Extent(rows, problem.input.width), kernel: Extent(1, 1))
    guard let strip else { preconditionFailure("a part of a problem is one") }
    return ConvolutionOperation(strip, epilogue: operation.pointwise.epilogue)
  }

  /// Whether it should be faster than one convolution after the other, beyond what cycles tell.
  ///
  /// With a stride and fewer outputs than channels the lines take most of the time, and they write a
  /// strip more slowly than a blocked tensor: 96→24 at 112×112 lost 9 to 17 %, on Zen 3.
  var isWorthwhile: Bool {
    let narrows = operation.pointwise.problem.outChannels < operation.pointwise.problem.inChannels
    return sparesFilter && (operation.depthwise.problem.stride == Extent(1, 1) || !narrows)
  }

  /// Floats of a worker's strip: whole pages, so that workers share no line, nor a neighbour that is
  /// fetched along with one.
  var scratchPerWorker: Int {
    let pages = (strip.image + AlignedBuffer.alignment - 1) / AlignedBuffer.alignment
    return pages * AlignedBuffer.alignment / ElementType.f32.bytes
  }

  /// The heights of strips, the larger first.
  var heights: [Int] { Set(strips.map { $0.count }).sorted(by: >) }

  /// How the products of a strip of `rows` rows are cut.
  func product(rows: Int, outputChannels: Int?) -> DirectPlan {
    product.plan(
      Self.product(operation, rows: rows), workers: 1,
      inputChannels: strip.pixel / ElementType.f32.bytes,
      outputChannels: outputChannels)
  }

  /// Clock cycles of one worker for its share, were all data near.
  var cycles: Double {
    let batch = operation.depthwise.problem.batch
    let products = strips.reduce(0.0) {
      $0
        + product.predictedCycles(Self.product(operation, rows: $1.count), workers: 1)
    }
    let tasks = batch * strips.count
    let share = Double((tasks + workers - 1) / workers) / Double(tasks)
    return (lines.cycles(workers: 1) + Double(batch) * products) * share
  }

  /// The strips and kernels, as results name them.
  var implementation: String {
    "strips of \(strips[0].count) rows, \(lines.implementation), then "
      + product.entry.registerBlock.name
  }
}
