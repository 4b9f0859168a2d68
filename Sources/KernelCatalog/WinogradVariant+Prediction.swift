// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension WinogradVariant: PredictedVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let geometry = geometry(operation.problem)
    guard let blocking = blocking(geometry, workers: workers) else { return .infinity }
    let points = Double(entry.form.points * entry.form.points)
    let tiles = Double(geometry.tileCount)
    let channels = Double(operation.problem.inChannels)
    let vectors = Double(geometry.outputVectors)
    let model = TileModel(entry.instructionSet)
    let rows = min(entry.instructionSet.winogradRows, blocking.tilesPerBlock)
    let product =
      points * tiles / Double(rows) * (vectors / 2).rounded(.up)
      * (channels * model.cyclesPerChannel(pixels: rows, vectors: 2)
        + model.cyclesPerTile(pixels: rows, vectors: 2))
    let filter = points * channels * vectors * Double(geometry.vector)
    // What does not stay in level 2 is read again for each block of tiles.
    let reads = filter > Double(caches.level2) ? Double(blocking.blocks) : 0
    let reading = filter * reads * Self.cyclesPerFarByte
    let transforms =
      Self.cyclesPerPoint * points * tiles * (Double(geometry.inputVectors) + vectors)
    return max(product, reading) / Double(workers) + transforms / Double(workers)
  }

  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double {
    matrices.expectedRelativeError(channels: operation.problem.inChannels)
  }

  /// Cycles for each vector and point of a transform, in and out: two passes of loads, FMAs and
  /// stores.
  private static let cyclesPerPoint = 5.0

  /// Cycles for each byte of filter from beyond level 2.
  private static let cyclesPerFarByte = 0.2
}
