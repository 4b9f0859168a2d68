// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The matrix products of all points of a block of tiles with a block of output channels.
enum WinogradProducts {
  #if KERNELS_AVX512 || KERNELS_NEON
    /// Most tiles that have their sums in registers; with 10, LLVM spills, though 23 of 32 are in use.
    @inline(__always) static var mostRows: Int { 9 }
  #elseif KERNELS_AVX2
    /// Most tiles that have their sums in registers.
    @inline(__always) static var mostRows: Int { 6 }
  #else
    /// Most tiles that have their sums in registers; a product takes one more until it is added.
    @inline(__always) static var mostRows: Int { 4 }
  #endif

  /// Multiplies `points` matrices of `tiles` rows.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<WinogradArguments>, _ points: Int, _ tiles: Int,
    _ outputBlock: Int, _ transformed: UnsafeMutableRawPointer,
    _ products: UnsafeMutableRawPointer
  ) {
    let panelBytes = 2 &* MemoryLayout<Vector>.size
    let panelStep = arguments.pointee.channels &* panelBytes
    let firstPanel = outputBlock &* arguments.pointee.panelsPerBlock
    let allPanels = (arguments.pointee.outputVectors &+ 1) / 2
    let panels = min(arguments.pointee.panelsPerBlock, allPanels &- firstPanel)
    var filter = arguments.pointee.filter + firstPanel &* points &* panelStep
    var input = UnsafeRawPointer(transformed)
    var output = products
    var point = 0
    while point < points {
      var panel = 0
      while panel < panels {
        multiply(arguments, tiles, input, filter, output + panel &* panelBytes)
        filter += panelStep
        panel &+= 1
      }
      input += arguments.pointee.transformedPoint
      output += arguments.pointee.productPoint
      point &+= 1
    }
  }

  /// Multiplies one matrix with one panel of filter.
  ///
  /// All groups of tiles use the same part of the filter. The first of them would wait for it, so each
  /// group asks for its share of the part that follows.
  @inline(__always)
  private static func multiply(
    _ arguments: UnsafePointer<WinogradArguments>, _ tiles: Int, _ input: UnsafeRawPointer,
    _ filter: UnsafeRawPointer, _ products: UnsafeMutableRawPointer
  ) {
    let step = (arguments.pointee.transformedTile, arguments.pointee.productTile)
    let groups = (tiles &+ mostRows &- 1) / mostRows
    let channelBytes = 2 &* MemoryLayout<Vector>.size
    var work = WinogradProductWork(
      inputStep: step.0, productStep: step.1, ahead: filter)
    work.aheadStep = 4 &* channelBytes / groups
    var part = filter
    var channel = 0
    while channel < arguments.pointee.channels {
      work.channels = min(
        arguments.pointee.channelsPerSum, arguments.pointee.channels &- channel)
      work.overwrites = channel == 0
      let next = part + work.channels &* channelBytes
      var group = 0
      while group < groups {
        let first = tiles &* group / groups
        work.ahead = next + work.channels &* channelBytes &* group / groups
        multiply(
          tiles &* (group &+ 1) / groups &- first, work, input + first &* step.0 + 4 &* channel,
          part, products + first &* step.1)
        group &+= 1
      }
      part = next
      channel &+= work.channels
    }
  }

  @inline(__always)
  private static func multiply(
    _ rows: Int, _ work: WinogradProductWork, _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer,
    _ products: UnsafeMutableRawPointer
  ) {
    switch rows {
    case 1: WinogradProduct<1>.run(work, input, filter, products)
    case 2: WinogradProduct<2>.run(work, input, filter, products)
    case 3: WinogradProduct<3>.run(work, input, filter, products)
    case 4: WinogradProduct<4>.run(work, input, filter, products)
    #if !KERNELS_BASELINE
      case 5: WinogradProduct<5>.run(work, input, filter, products)
      case 6: WinogradProduct<6>.run(work, input, filter, products)
    #endif
    #if KERNELS_AVX512 || KERNELS_NEON
      case 7: WinogradProduct<7>.run(work, input, filter, products)
      case 8: WinogradProduct<8>.run(work, input, filter, products)
      case 9: WinogradProduct<9>.run(work, input, filter, products)
    #endif
    default: assertionFailure("more rows than are compiled")
    }
  }
}
