// SPDX-License-Identifier: Apache-2.0

/// How a depthwise convolution of bf16 or integers, or one in small groups, is cut into strips.
///
/// A task computes two output rows of a *block* of channels, as many as a vector's bytes hold. It lays what they
/// read of the input into a strip: for each column, vectors whose lanes have what one output channel
/// multiplies at a time. Of a depthwise convolution that are taps of one column below each other, a row for
/// each number of a lane; of groups they are channels of the group in one row. Rows that both outputs read are
/// laid once, where no weight of zero meets what is not its own, which in bf16 may be infinite.
public struct NarrowStripShape: BitwiseCopyable, Sendable {
  /// Channels of a group.
  public let perGroup: Int
  /// Rows of taps that are laid together.
  public let slots: Int
  /// Vectors of lanes that they make for a column and a vector of channels: *quanta* of the strip.
  public let parts: Int
  /// Sets of such rows that each of the two outputs reads alone, and that both read.
  public let ownSets: Int, sharedSets: Int
  /// Outputs of a row for which a strip has room, and its columns then.
  public let outputs: Int, columns: Int
  /// Sets of rows of taps in a strip: those of the first output, of the second, of both.
  public let sets: Int
  /// Lanes of a vector, and its bytes.
  public let lanes: Int, vectorBytes: Int
  /// Numbers of a lane: as many as fill it, or half of them, of twice the width.
  public let numbers: Int
  /// Vectors of a column of a quantum.
  public let vectors: Int
  /// Output channels of a block.
  public let channels: Int
  /// Quanta of a strip, and those that each output multiplies: its own, and then those of both.
  public let quanta: Int, quantaPerRow: Int
  /// Bytes from a quantum of a strip to the next.
  public let quantumBytes: Int
  /// Whether nothing is laid, as columns of a depthwise 3×3 are interleaved in registers.
  ///
  /// They meet what reads them there. Only with instructions that multiply a quantum.
  public let rolls: Bool
  /// Whether nothing is laid, as numbers become floats in registers, each row of taps by itself.
  ///
  /// That is where outputs share few rows; only of bf16 with 32 registers.
  public let isWidened: Bool
  /// Rows from the first output row of a task to its second one: where columns roll, the dilation, so that both
  /// read two rows of the input.
  public let rowPitch: Int
  /// Such pairs of output rows of an image, of which the last may lack the second.
  public let pairs: Int
  /// Rows of weights in the filter: both outputs have the same, unless they share rows of taps.
  public let filterRows: Int
  /// Rows of the input from a row of taps to the next, as a task sees them.
  public let dilationHeight: Int
  private let kernelHeight: Int, strideHeight: Int

  /// The shape for tiles of `pixels` outputs in vectors of `lanes` lanes of `numbers` numbers, and a level 1
  /// of `level1` bytes.
  /// - Requires: `fits(problem)`.
  public init(
    _ problem: ConvolutionProblem, pixels: Int, lanes: Int, numbers: Int, level1: Int
  ) {
    isWidened = numbers == problem.dataType.quantum && Self.widens(problem)
    let numbers = isWidened ? 1 : numbers
    (self.lanes, self.numbers) = (lanes, numbers)
    perGroup = problem.inChannelsPerGroup
    slots = perGroup == 1 ? numbers : 1
    parts = perGroup == 1 ? 1 : (perGroup + numbers - 1) / numbers
    vectors = problem.dataType.quantum
    (kernelHeight, strideHeight) = (problem.kernel.height, problem.stride.height)
    rolls = perGroup == 1 && numbers == problem.dataType.quantum && Self.rolls(problem)
    rowPitch = rolls ? problem.dilation.height : 1
    pairs =
      problem.output.height / (2 * rowPitch) * rowPitch
      + min(rowPitch, problem.output.height % (2 * rowPitch))
    // Rows that far apart are neighbours then.
    dilationHeight = rolls ? 1 : problem.dilation.height
    (ownSets, sharedSets) =
      isWidened
      ? ((kernelHeight + slots - 1) / slots, 0)
      : Self.sets(problem, slots: slots, dilation: dilationHeight)
    sets = 2 * ownSets + sharedSets
    quanta = sets * parts
    quantaPerRow = (ownSets + sharedSets) * parts
    filterRows = sharedSets > 0 ? 2 : 1
    vectorBytes = InstructionSet.laneBytes * lanes
    channels = lanes * vectors
    // The strip, and what is read and written beside it, stay in level 1.
    (outputs, columns) = Self.strip(
      problem, pixels: pixels, room: level1 * 5 / 8 / (quanta * vectors * vectorBytes))
    quantumBytes = columns * vectors * vectorBytes
  }

  /// Outputs and columns of a strip that has `room` for columns; all strips are nearly as long.
  private static func strip(
    _ problem: ConvolutionProblem, pixels: Int, room: Int
  ) -> (outputs: Int, columns: Int) {
    let span = (problem.kernel.width - 1) * problem.dilation.width + 1
    let most = max(1, ((room - span) / problem.stride.width + 1) / pixels) * pixels
    let strips = (problem.output.width + most - 1) / most
    let each = (problem.output.width + strips - 1) / strips
    let outputs = (each + pixels - 1) / pixels * pixels
    return (outputs, (outputs - 1) * problem.stride.width + span)
  }

  /// Sets of rows of taps that each of two outputs reads alone, and that both read.
  private static func sets(
    _ problem: ConvolutionProblem, slots: Int, dilation: Int
  ) -> (own: Int, shared: Int) {
    let height = problem.kernel.height
    let sets = (height + slots - 1) / slots
    // Only of neighbouring rows do two outputs share any.
    guard problem.stride.height == 1, dilation == 1 || height == 1 else {
      return (sets, 0)
    }
    // Of integers, weights of zero may meet anything.
    if problem.dataType.arithmetic == .u8s8 && slots > 1 {
      return (height + slots) / slots == sets ? (0, sets) : (sets, 0)
    }
    return height > 1 && (height - 1) % slots == 0 ? (1, (height - 1) / slots) : (sets, 0)
  }

  /// Whether columns of three taps roll along a row: from the third one on none lies on the left of the image,
  /// and with a stride of 2 none but the last on its right.
  ///
  /// With a dilation of `d`, each `d`th column rolls by itself.
  private static func rolls(_ problem: ConvolutionProblem) -> Bool {
    let (stride, left) = (problem.stride.width, problem.padding.left)
    let step = problem.dilation.width
    guard problem.kernel == Extent(3, 3), problem.stride == Extent(stride, stride),
      stride == 1 || stride == 2 && problem.dilation == Extent(1, 1)
    else { return false }
    let reach = (problem.output.width - 1) * stride + 2 * step + 1 - left - problem.input.width
    return stride == 1 ? left <= 2 * step && reach <= 2 * step : left <= 1 && reach <= 1
  }

  /// Whether bf16 are multiplied as floats: where columns do not roll, and two output rows share no pair of rows
  /// of taps.
  private static func widens(_ problem: ConvolutionProblem) -> Bool {
    problem.inChannelsPerGroup == 1 && problem.dataType.arithmetic == .bf16 && !rolls(problem)
      && (problem.stride.height > 1 || problem.dilation.height > 1 || problem.kernel.height == 1)
  }

  /// Whether the channels of a group lie in a part of 128 bits, which instructions permute.
  public static func fits(_ problem: ConvolutionProblem) -> Bool {
    problem.groups > 1 && problem.inChannels == problem.outChannels
      && 16 / problem.dataType.input.bytes % problem.inChannelsPerGroup == 0
  }

  /// The row of the input in `slot` of `set`, from the first one that the first output's taps meet on; nil
  /// where there is none.
  public func inputRow(set: Int, slot: Int) -> Int? {
    guard set < 2 * ownSets else {
      let row = min(ownSets, 1) + slots * (set - 2 * ownSets) + slot
      return row <= kernelHeight ? row : nil
    }
    let (output, own) = set.quotientAndRemainder(dividingBy: ownSets)
    if sharedSets > 0 { return slot == 0 ? output * kernelHeight : nil }
    let tap = slots * own + slot
    return tap < kernelHeight ? output * strideHeight + dilationHeight * tap : nil
  }

  /// The row of taps whose weights `output`, the first or the second one, has for `slot` of the `index`th set
  /// that it multiplies; nil for zeros.
  public func tapRow(output: Int, index: Int, slot: Int) -> Int? {
    let set = index < ownSets ? output * ownSets + index : ownSets + index
    guard let row = inputRow(set: set, slot: slot) else { return nil }
    let (tap, rest) = (row - output * strideHeight).quotientAndRemainder(dividingBy: dilationHeight)
    return rest == 0 && (0..<kernelHeight).contains(tap) ? tap : nil
  }

  /// The channel of its block that `lane` of `vector` has: interleaving rows brings channels into this order
  /// within parts of 128 bits, and packing results undoes it.
  ///
  /// What is widened has each lane's first number in the first vector.
  public func channel(vector: Int, lane: Int) -> Int {
    isWidened ? vectors * lane + vector : lane / 4 * 4 * vectors + 4 * vector + lane % 4
  }
}
