// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Where things lie in a direct convolution: extents and steps, in elements, for the layouts given.
///
/// A 1×1 convolution without stride and padding has no rows: its pixels are one long row, and where
/// images follow each other without a gap they are one image, unless they must be kept apart.
struct DirectGeometry {
  /// The convolution.
  let problem: ConvolutionProblem
  /// Layouts of the activations.
  let inputLayout, outputLayout: Layout
  /// Channels per vector, and per block of a channel-blocked layout.
  let lanes: Int
  /// Whether all pixels of an image are one row.
  let isFlat: Bool
  /// Images with rows of their own.
  let images: Int
  /// Extent of an image's input.
  let input: Extent
  /// Extent of an image's output.
  let output: Extent
  /// Elements from one image to the next.
  let inputImage, outputImage: Int
  /// Channels of the activations of which input and output are a part, where channels are innermost.
  let inputChannels, outputChannels: Int
  /// Whether images are kept apart, for sums over the pixels of each.
  let keepsImages: Bool
  /// Groups of the channel shuffle through which the input is read; 1 without one.
  let shuffleGroups: Int
  /// Whether tasks copy the rows that they read, see `copying`.
  var copies = false
  /// Whether groups share vectors there.
  var sharesCopies = false
  /// Channels of a run, elements from one to the next, and from one run to the next.
  let run, inputChannel, inputRun: Int

  /// The geometry of `problem` for activations in the given layouts, and panels of at most
  /// `vectors` vectors.
  ///
  /// In a 1×1 convolution one run is a whole block, and its filter streams from level 2: sums that
  /// wait for the next block in the output cost more than that.
  ///
  /// Through a shuffle, a group reads a run of channels from each group of what was shuffled.
  init(
    _ problem: ConvolutionProblem, input inputLayout: Layout, output outputLayout: Layout,
    lanes: Int, vectors: Int = 1, caches: CacheSizes = .current, inputChannels: Int? = nil,
    outputChannels: Int? = nil, shuffleGroups: Int = 1, keepsImages: Bool = false
  ) {
    (self.problem, self.lanes) = (problem, lanes)
    (self.inputLayout, self.outputLayout) = (inputLayout, outputLayout)
    isFlat =
      problem.kernel.area == 1 && problem.stride == Extent(1, 1) && problem.padding == Padding(0, 0)
    let joinsImages = isFlat && inputLayout == .nhwc && outputLayout == .nhwc && !keepsImages
    images = joinsImages ? 1 : problem.batch
    let pixels = problem.input.area * (joinsImages ? problem.batch : 1)
    (input, output) =
      isFlat ? (Extent(1, pixels), Extent(1, pixels)) : (problem.input, problem.output)
    self.inputChannels = inputChannels ?? problem.inChannels
    self.outputChannels = outputChannels ?? problem.outChannels
    (self.shuffleGroups, self.keepsImages) = (shuffleGroups, keepsImages)
    inputImage = Self.image(inputLayout, problem.inputShape, channels: self.inputChannels)
    outputImage = Self.image(outputLayout, problem.outputShape, channels: self.outputChannels)
    let bytes = vectors * lanes * problem.dataType.filter.bytes
    let flatRun = caches.level2 / DirectBlocking.flatPanelShare / bytes
    (run, inputChannel, inputRun) = Self.runs(
      problem, inputLayout, lanes: lanes, shuffleGroups: shuffleGroups,
      longest: isFlat ? flatRun : Self.longestRun * problem.dataType.quantum)
  }

  private static func image(_ layout: Layout, _ shape: ActivationShape, channels: Int) -> Int {
    let one = ActivationShape(batch: 1, channels: channels, extent: shape.extent)
    return layout.count(one)
  }

  /// Longest run of quanta of channels that lie side by side: taps of the next column are then still
  /// near in level 1, and the loop over the run is long enough to be cheap.
  private static let longestRun = 64
  /// Longest run of channels that lie a plane apart: as many pages as level 1 translates.
  private static let longestRunOfPlanes = 32
  /// Up to so many channels a plane apart, the taps of a row make the longer run.
  private static let fewPlanes = 4

  private static func runs(
    _ problem: ConvolutionProblem, _ layout: Layout, lanes: Int, shuffleGroups: Int, longest: Int
  ) -> (run: Int, channel: Int, next: Int) {
    let channels = problem.inChannelsPerGroup
    if shuffleGroups > 1 {
      let perGroup = problem.inChannels / shuffleGroups
      return (perGroup / problem.groups, 1, perGroup)
    }
    func equal(_ longest: Int) -> Int {
      let runs = (channels + longest - 1) / longest
      return (channels + runs - 1) / runs
    }
    switch layout {
    case .channelBlocked: return (min(channels, lanes), 1, problem.input.area * lanes)
    case .nhwc:
      // Whole passes of the innermost loop, but for the last run.
      let run = min(channels, (equal(longest) + 3) / 4 * 4)
      return (run, 1, run)
    case .nchw:
      let plane = problem.input.area
      let run = channels <= fewPlanes ? 1 : equal(longestRunOfPlanes)
      return (run, run == 1 ? 1 : plane, run * plane)
    }
  }

  /// Elements from one column of the input to the next.
  var inputColumn: Int { Self.column(inputLayout, channels: inputChannels, lanes: lanes) }

  /// Elements from one pixel of an output row to the next.
  var outputColumn: Int { Self.column(outputLayout, channels: outputChannels, lanes: lanes) }

  private static func column(_ layout: Layout, channels: Int, lanes: Int) -> Int {
    switch layout {
    case .channelBlocked: lanes
    case .nhwc: channels
    case .nchw: 1
    }
  }

  /// Elements from one vector of output channels to the next.
  var outputVector: Int {
    switch outputLayout {
    case .channelBlocked, .nchw: problem.output.area * lanes
    case .nhwc: lanes
    }
  }

  /// Groups whose output channels share a vector, each lane of which sees the channels of its own group; 1
  /// where none do.
  ///
  /// Only where one instruction multiplies a quantum, and where the channels of all of them are whole quanta
  /// in 64 bytes.
  var groupsPerVector: Int {
    let (inputs, outputs) = (problem.inChannelsPerGroup, problem.outChannelsPerGroup)
    let quantum = problem.dataType.quantum
    if copies { return groupsPerCopiedVector }
    guard quantum > 1, lanes == 16, problem.groups > 1, outputs < lanes, lanes % outputs == 0,
      inputs % quantum == 0, inputs <= outputs * quantum, inputLayout == outputLayout,
      inputLayout == .nhwc || inputs == outputs
    else { return 1 }
    return lanes / outputs
  }

  /// The first quantum of a shared vector's input that each lane sees; nil where none are shared.
  var spread: [Int32]? {
    guard groupsPerVector > 1 else { return nil }
    let quanta = problem.inChannelsPerGroup / problem.dataType.quantum
    return (0..<lanes).map { Int32($0 / problem.outChannelsPerGroup * quanta) }
  }

  /// Whether sums wait in scratch memory: an output of other numbers than 32-bit floats is written at once.
  var narrowsOutput: Bool { problem.dataType != .f32 }

  /// Quanta of channels that a run has room for in the filter.
  var runQuanta: Int { (run + problem.dataType.quantum - 1) / problem.dataType.quantum }

  /// Whether outputs are collected with channels innermost before they are written.
  var transposesOutput: Bool { outputLayout == .nchw }

  /// Whether the channels that a group reads of neighbouring pixels lie on lines of few sets of level 1.
  ///
  /// They do where a group has two lines of a pixel at most, and a pixel is a multiple of so many lines that
  /// few sets take them all: 8 where level 1 has 8 ways, as in 128 channels. With the 12 ways of Zen 5, 128
  /// channels in 4 and 8 groups lost nothing, 1024 did.
  func sharesFewSets(_ caches: CacheSizes) -> Bool {
    let lines = caches.level1 > 32 << 10 ? 32 : 8
    return problem.groups > 1 && inputLayout == .nhwc
      && problem.inChannelsPerGroup <= 2 * perLine && inputChannels % (lines * perLine) == 0
  }

  /// Input values in a cache line.
  private var perLine: Int { 64 / problem.dataType.input.bytes }

  /// Whether channels are innermost, and a kernel's taps lie apart.
  var isChannelsLast: Bool {
    inputLayout == .nhwc && outputLayout == .nhwc && problem.kernel.area > 1
  }

  /// Cache lines of an input beyond level 2 that a 1×1 convolution reads in more short runs, one a block of
  /// channels, than the CPU follows; otherwise 0.
  func farLines(_ caches: CacheSizes) -> Int {
    let most = 12
    let blocks = (problem.inChannels + lanes - 1) / lanes
    let bytes = problem.inputShape.count * problem.dataType.input.bytes
    guard inputLayout.isBlocked, problem.kernel.area == 1, bytes > caches.level2 / 2, blocks > most
    else { return 0 }
    return problem.batch * problem.output.area * blocks * lanes / perLine
  }

  /// Where input channel `channel` starts in the first pixel of an image.
  func inputOffset(channel: Int) -> Int {
    switch inputLayout {
    case .channelBlocked: channel / lanes * inputRun + channel % lanes
    case .nhwc: channel / shuffleGroups
    case .nchw: channel * problem.input.area
    }
  }

  /// The run of an input channel and its place there, in a panel whose channels start at `first`.
  func place(of channel: Int, from first: Int) -> (run: Int, place: Int) {
    guard shuffleGroups > 1 else {
      let (run, place) = (channel - first).quotientAndRemainder(dividingBy: run)
      return (run, place)
    }
    return (channel % shuffleGroups, (channel - first) / shuffleGroups)
  }

  /// Where output channel `channel` lies in the first pixel of an image.
  func outputOffset(channel: Int) -> Int {
    switch outputLayout {
    case .channelBlocked: channel / lanes * outputVector + channel % lanes
    case .nhwc: channel
    case .nchw: channel * problem.output.area
    }
  }

  /// The steps that follow from the shapes.
  var steps: DirectSteps {
    var steps = DirectSteps()
    steps.run = run
    steps.tapRows = problem.kernel.height
    steps.tapColumns = problem.kernel.width
    steps.inputChannel = inputChannel
    steps.inputRun = inputRun
    steps.inputTapRow = problem.dilation.height * input.width * inputColumn
    steps.inputTapColumn = problem.dilation.width * inputColumn
    steps.inputPixel = problem.stride.width * inputColumn
    steps.outputPixel = outputColumn
    steps.outputVector = outputVector
    steps.outputChannel = problem.output.area
    return steps
  }
}
