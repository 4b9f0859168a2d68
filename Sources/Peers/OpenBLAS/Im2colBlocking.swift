// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How the matrix products of an im2col convolution are cut into tasks.
///
/// Each task unfolds its own columns, right before the product reads them. Unfolding whole images
/// in a phase of its own, shared by all blocks of the product, was measured as well: it gains a
/// little where a group has few pixels and many channels, loses a quarter on 224×224 images and
/// half on grouped and depthwise problems, whose columns leave the cache before they are read.
struct Im2colBlocking {
  /// Whether the input itself is the matrix of columns: a 1×1 kernel, stride 1, no padding.
  let isPointwise: Bool
  /// Blocks of pixels of one image.
  private(set) var pixelBlocks: Int
  /// Blocks of output channels of one group.
  private(set) var channelBlocks = 1
  private let products: Int
  private let depth: Int
  private let pixelCount: Int
  private let channelCount: Int

  /// Bytes that the columns of a block should not exceed: about what a core's L2 cache holds.
  static let targetBlockBytes = 1 << 20
  /// A block has this many pixels even where they exceed `targetBlockBytes`: `cblas_sgemm` packs
  /// the filter anew at each call, and fewer pixels do not pay for that.
  static let preferredPixels = 256
  /// No axis is cut into smaller blocks to occupy more workers.
  static let smallestBlock = 16

  /// The blocking of `problem` for `workers` workers.
  init(_ problem: ConvolutionProblem, workers: Int) {
    isPointwise =
      problem.kernel.area == 1 && problem.output == problem.input
      && problem.stride == Extent(1, 1)
    products = problem.batch * problem.groups
    depth = problem.inChannelsPerGroup * problem.kernel.area
    pixelCount = problem.output.area
    channelCount = problem.outChannelsPerGroup
    let fitting = Self.targetBlockBytes / (depth * ElementType.f32.bytes)
    let width = isPointwise ? pixelCount : max(Self.preferredPixels, fitting)
    pixelBlocks = (pixelCount + width - 1) / width
    while !sharesAreEven(workers), split() {}
  }

  /// Tasks in all: image × group × pixel block × channel block.
  var tasks: Int { products * pixelBlocks * channelBlocks }

  /// Floats of scratch that a worker needs for the columns of one block, up to a whole page.
  var columnsPerWorker: Int {
    let page = AlignedBuffer.alignment / ElementType.f32.bytes
    let widest = (pixelCount + pixelBlocks - 1) / pixelBlocks
    return isPointwise ? 0 : (depth * widest + page - 1) / page * page
  }

  /// The pixels of block `index`.
  func pixels(_ index: Int) -> Range<Int> { Self.part(index, of: pixelBlocks, count: pixelCount) }

  /// The output channels, within the group, of block `index`.
  func channels(_ index: Int) -> Range<Int> {
    Self.part(index, of: channelBlocks, count: channelCount)
  }

  /// Whether `workers` equal shares leave no worker with much less to do than another.
  private func sharesAreEven(_ workers: Int) -> Bool {
    tasks % workers == 0 || tasks >= 8 * workers
  }

  /// Makes one block more along the axis with the longer blocks: a cut through the pixels repeats
  /// the packing of the filter, one through the channels the unfolding of the columns.
  private mutating func split() -> Bool {
    let pixels = pixelCount / (pixelBlocks + 1)
    let channels = channelCount / (channelBlocks + 1)
    guard max(pixels, channels) >= Self.smallestBlock else { return false }
    if pixels >= channels { pixelBlocks += 1 } else { channelBlocks += 1 }
    return true
  }

  /// Part `index` of `count` items cut into `parts` parts whose sizes differ by at most one.
  private static func part(_ index: Int, of parts: Int, count: Int) -> Range<Int> {
    count * index / parts..<count * (index + 1) / parts
  }
}
