// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS
internal import Convolution

/// What the tasks of one prepared im2col convolution work on: plain values and pointers only.
///
/// The convolution is one matrix product per image and group,
/// `output[Co/G][Ho·Wo] = filter[Co/G][Ci/G·Kh·Kw] · columns[Ci/G·Kh·Kw][Ho·Wo]`, cut into blocks
/// of output channels and of pixels. A task unfolds the columns of its pixels into its worker's
/// scratch and multiplies.
struct Im2colArguments {
  var problem: ConvolutionProblem
  var blocking: Im2colBlocking
  var hasReLU: Bool
  var input: UnsafePointer<Float>
  var filter: UnsafePointer<Float>
  var bias: UnsafePointer<Float>?
  var output: AlignedBuffer.Address
  /// `blocking.columnsPerWorker` floats for each worker.
  var columns: AlignedBuffer.Address

  /// Executes the tasks `first..<end` as worker `worker`.
  func run(_ first: Int, _ end: Int, worker: Int) {
    let scratch = columns + worker * blocking.columnsPerWorker
    // Channel blocks vary fastest: consecutive tasks of a worker share the unfolded columns.
    var unfolded = -1
    for task in first..<end {
      let pixelTask = task / blocking.channelBlocks
      let imageAndGroup = pixelTask / blocking.pixelBlocks
      let pixels = blocking.pixels(pixelTask % blocking.pixelBlocks)
      let channels = blocking.channels(task % blocking.channelBlocks)
      let plane = input + imageAndGroup * problem.inChannelsPerGroup * problem.input.area
      if blocking.isPointwise {
        multiply(
          imageAndGroup, channels, pixels, columns: plane + pixels.lowerBound,
          rowStride: problem.input.area)
      } else {
        if unfolded != pixelTask { unfold(plane, pixels, into: scratch) }
        unfolded = pixelTask
        multiply(imageAndGroup, channels, pixels, columns: scratch, rowStride: pixels.count)
      }
    }
  }

  /// Computes a block of the output from the columns of its pixels.
  private func multiply(
    _ imageAndGroup: Int, _ channels: Range<Int>, _ pixels: Range<Int>,
    columns: UnsafePointer<Float>, rowStride: Int
  ) {
    let depth = problem.inChannelsPerGroup * problem.kernel.area
    let firstOfGroup = imageAndGroup % problem.groups * problem.outChannelsPerGroup
    let area = problem.output.area
    let first = imageAndGroup * problem.outChannelsPerGroup + channels.lowerBound
    let block = output + first * area + pixels.lowerBound
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(channels.count), blasint(pixels.count),
      blasint(depth), 1, filter + (firstOfGroup + channels.lowerBound) * depth, blasint(depth),
      columns, blasint(rowStride), 0, block, blasint(area))
    guard bias != nil || hasReLU else { return }
    for channel in channels {
      let row = block + (channel - channels.lowerBound) * area
      finish(row, count: pixels.count, bias: bias?[firstOfGroup + channel] ?? 0)
    }
  }

  /// Adds the bias and applies ReLU to a row that the product has just written.
  private func finish(_ row: AlignedBuffer.Address, count: Int, bias: TensorValue) {
    if hasReLU {
      for index in 0..<count {
        let sum = row[index] + bias
        row[index] = sum > 0 ? sum : 0
      }
    } else {
      for index in 0..<count { row[index] += bias }
    }
  }
}
