// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A depthwise convolution as tiles of inputs and outputs, and chunks of taps.
struct WinogradDepthwiseTiles {
  /// The convolution.
  let problem: ConvolutionProblem
  /// Outputs and taps of a tile.
  let form: WinogradForm
  /// Channels per vector, and vectors of channels.
  let lanes, vectors: Int
  /// Tiles along each axis.
  let rows, columns: WinogradTileAxis

  /// The tiles of `problem`, whose channels lie in blocks of `lanes`.
  init(_ problem: ConvolutionProblem, _ form: WinogradForm, lanes: Int) {
    self.problem = problem
    self.form = form
    self.lanes = lanes
    vectors = ceilingOfQuotient(problem.inChannels, lanes)
    rows = WinogradTileAxis(problem, .height, padding: problem.padding.top, form: form)
    columns = WinogradTileAxis(problem, .width, padding: problem.padding.left, form: form)
  }

  /// Chunks of taps.
  var chunks: Int { rows.chunks * columns.chunks }

  /// Vectors of channels of all tiles, of inputs and of outputs.
  var transforms: Int {
    problem.batch * vectors * (rows.inputs * columns.inputs + rows.outputs * columns.outputs)
  }

  private var points: Int { form.points * form.points }

  /// What stands between the transforms, with channels `[vector][point][lane]`; nil where it is too large.
  var products: ConvolutionOperation? {
    let channels = vectors * points * lanes
    let products = try? ConvolutionProblem(
      groups: channels, batch: problem.batch, inChannels: channels, outChannels: channels,
      input: Extent(rows.inputs, columns.inputs), kernel: Extent(rows.chunks, columns.chunks),
      padding: Padding(
        top: rows.firstInput, left: columns.firstInput, bottom: rows.inputsBehind,
        right: columns.inputsBehind))
    return products.map { ConvolutionOperation($0) }
  }

  /// The filter of that: each chunk transformed in Double, zeros where it exceeds the kernel.
  func filter(_ weights: Weights, _ matrices: WinogradMatrices) -> TensorValues {
    let kernel = problem.kernel
    var filter = TensorValues(repeating: 0, count: vectors * points * lanes * chunks)
    var taps = TensorValues(repeating: 0, count: form.taps * form.taps)
    var transformed = [Double](repeating: 0, count: points)
    for channel in 0..<problem.inChannels {
      for chunk in 0..<chunks {
        let top = chunk / columns.chunks * form.taps
        let left = chunk % columns.chunks * form.taps
        for tap in taps.indices {
          let (row, column) = (top + tap / form.taps, left + tap % form.taps)
          let isInside = row < kernel.height && column < kernel.width
          taps[tap] =
            isInside ? weights.filter[channel * kernel.area + row * kernel.width + column] : 0
        }
        WinogradFilter.transform(taps, from: 0, matrices, into: &transformed)
        for (point, value) in transformed.enumerated() {
          let place = (channel / lanes * points + point) * lanes + channel % lanes
          filter[place * chunks + chunk] = TensorValue(value)
        }
      }
    }
    return filter
  }

  /// The tiles of inputs of all images, those of a row side by side; places count bytes in blocks of channels.
  var inputTiles: [WinogradTile] {
    tiles(rows.inputTiles, columns.inputTiles, problem.inputShape) { row, column, place in
      WinogradTile(
        input: place(row.first, column.first), output: 0, inputRows: row.inside,
        inputColumns: column.inside, rows: 0, columns: 0)
    }
  }

  /// The tiles of outputs.
  var outputTiles: [WinogradTile] {
    tiles(rows.outputTiles, columns.outputTiles, problem.outputShape) { row, column, place in
      WinogradTile(
        input: 0, output: place(row.first, column.first), inputRows: 0..<0, inputColumns: 0..<0,
        rows: row.count, columns: column.count)
    }
  }

  private func tiles<Part>(
    _ rows: [Part], _ columns: [Part], _ shape: ActivationShape,
    _ tile: (Part, Part, (Int, Int) -> Int) -> WinogradTile
  ) -> [WinogradTile] {
    let pixel = lanes * ElementType.f32.bytes
    let image = vectors * shape.extent.area * pixel
    var tiles: [WinogradTile] = []
    for index in 0..<problem.batch {
      for row in rows {
        for column in columns {
          tiles.append(
            tile(row, column) { index * image + ($0 * shape.extent.width + $1) * pixel })
        }
      }
    }
    return tiles
  }
}
