// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Narrow groups of bf16 and integers, whose tasks copy the rows they read: tiles at the image's edge are then
/// like all others, and the taps of a row are one run.
extension DirectGeometry {
  /// The same with copies, once with vectors that groups share and once without; nothing where tasks cannot copy.
  ///
  /// Shared vectors are larger copies, and where one row of outputs needs more than level 1 holds there are none.
  func copying(_ instructionSet: InstructionSet, _ caches: CacheSizes) -> [DirectGeometry] {
    let type = problem.dataType
    let columns = copyColumns
    guard instructionSet == .avx512bf16, type == .bf16 || type == .u8s8, problem.groups > 1,
      !isFlat, inputLayout == .nhwc, outputLayout == .nhwc, shuffleGroups == 1, !keepsImages,
      problem.dilation == Extent(1, 1), problem.kernel.area > 1, problem.padding.left < columns
    else { return [] }
    return [true, false].map { shares in
      var copying = self
      (copying.copies, copying.sharesCopies) = (true, shares)
      return copying
    }.filter { $0.rowsOfCopy(caches) > 0 }
  }

  /// Output rows whose input a task copies at most; 0 where there is no room for one.
  func rowsOfCopy(_ caches: CacheSizes) -> Int {
    let rows = caches.level1 / 4 * 3 / copyRow - (problem.kernel.height - 1)
    return rows > 0 ? (rows - 1) / problem.stride.height + 1 : 0
  }

  /// Groups that share a vector where their channels are copied.
  var groupsPerCopiedVector: Int {
    guard sharesCopies else { return 1 }
    let bytes = problem.inChannelsPerGroup * problem.dataType.input.bytes
    // What permutes bytes sees 16 of them; with halves, the last is zero.
    let room = problem.dataType == .u8s8 ? 16 : 62
    let most = min(lanes / problem.outChannelsPerGroup, room / bytes, problem.groups)
    return max(1, most)
  }

  /// Quanta of a group's channels.
  private var groupQuanta: Int {
    (problem.inChannelsPerGroup + problem.dataType.quantum - 1) / problem.dataType.quantum
  }

  /// Channels from a pixel to the next in the copy, for each group.
  ///
  /// Of bf16 they are whole quanta: with one of the next pixel, zero times infinity would be NaN.
  private var copyChannels: Int {
    let fills = groupsPerVector > 1 || problem.dataType == .bf16
    return fills ? groupQuanta * problem.dataType.quantum : problem.inChannelsPerGroup
  }

  /// Quanta of a row of taps.
  var copyRowQuanta: Int {
    let quantum = problem.dataType.quantum
    return (problem.kernel.width * copyChannels + quantum - 1) / quantum
  }

  /// The quantum of a panel's filter, and the place there, of a tap of one of a group's channels.
  func copyPlace(row: Int, column: Int, channel: Int) -> (quantum: Int, place: Int) {
    let (quantum, place) = (column * copyChannels + channel).quotientAndRemainder(
      dividingBy: problem.dataType.quantum)
    return (row * copyRowQuanta + quantum, place)
  }

  /// Columns of a row of the copy.
  private var copyColumns: Int { (output.width - 1) * problem.stride.width + problem.kernel.width }

  /// Bytes of a pixel of the copy: where groups share a vector, whole ones.
  private var copyPixel: Int {
    groupsPerVector > 1
      ? groupQuanta * lanes * InstructionSet.laneBytes
      : copyChannels * problem.dataType.input.bytes
  }

  /// Bytes of a row of the copy.
  private var copyRow: Int { copyColumns * copyPixel }

  /// Floats of a copy for `rows` output rows, and of the vector that its last pixel may be written beyond.
  func copyScratch(rows: Int) -> Int {
    let lines = (rows - 1) * problem.stride.height + problem.kernel.height
    return (lines * copyRow + 2 * 64 + 127) / 128 * 32
  }

  /// What the kernels are told, with `table` as it says.
  func copy(_ table: UnsafeRawPointer) -> DirectCopy {
    let (columns, bytes) = (copyColumns, problem.dataType.input.bytes)
    let inside = min(input.width, columns - problem.padding.left)
    return DirectCopy(
      left: problem.padding.left, inside: inside, right: columns - problem.padding.left - inside,
      width: groupsPerVector * problem.inChannelsPerGroup * bytes,
      inputPixel: inputColumn * bytes, inputRow: input.width * inputColumn * bytes,
      pixel: copyPixel, row: copyRow, vectors: groupsPerVector > 1 ? groupQuanta : 0,
      rowQuanta: copyRowQuanta, stride: problem.stride.height,
      step: problem.stride.width, table: table)
  }

  /// The table of the copy: a vector of `outside` in each byte, and for each quantum of a group what each lane
  /// has of it.
  func copyTable(outside: Int) -> [Int32] {
    let type = problem.dataType
    let filled = [Int32](
      repeating: Int32(truncatingIfNeeded: outside * 0x0101_0101), count: lanes)
    guard groupsPerVector > 1 else { return filled }
    return filled
      + (0..<groupQuanta).flatMap { quantum in
        (0..<lanes).map { lane in
          let group = min(lane / problem.outChannelsPerGroup, groupsPerVector - 1)
          return packed(type, group: group, quantum: quantum)
        }
      }
  }

  /// Which elements of a pixel a lane has, in its bits: those of a quantum, and zeros behind the last one.
  private func packed(_ type: DataType, group: Int, quantum: Int) -> Int32 {
    let bits = 32 / type.quantum
    return (0..<type.quantum).reduce(0) { packed, place in
      let channel = quantum * type.quantum + place
      let isThere = channel < problem.inChannelsPerGroup
      // Zero: of bytes any from 128 on, of halves the last.
      let none = type == .u8s8 ? 0x80 : 31
      let element = isThere ? group * problem.inChannelsPerGroup + channel : none
      return packed | Int32(truncatingIfNeeded: element << (place * bits))
    }
  }

  /// Cycles to copy the rows of a task of `rows` output rows for a panel.
  ///
  /// Counted, not measured: stores across lines or of whole vectors take two each.
  func copyCycles(rows: Int) -> Double {
    let lines = Double((rows - 1) * problem.stride.height + problem.kernel.height)
    let stores = groupsPerVector > 1 ? groupQuanta : (copyPixel + 63) / 64
    return 40 + lines * (10 + Double(copyColumns) * (1 + 2 * Double(stores)))
  }
}
