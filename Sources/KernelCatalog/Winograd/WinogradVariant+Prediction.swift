// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension WinogradVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let geometry = geometry(operation.problem)
    guard let blocking = blocking(geometry, workers: workers) else { return .infinity }
    let points = Double(entry.form.points * entry.form.points)
    let tiles = Double(geometry.tileCount)
    let channels = Double(operation.problem.inChannels)
    let vectors = Double(geometry.outputVectors)
    let model = TileModel(entry.instructionSet)
    let rows = min(entry.instructionSet.target.winogradRows, blocking.tilesPerBlock)
    let product =
      points * tiles / Double(rows) * (vectors / 2).rounded(.up)
      * (channels * model.cyclesPerChannel(pixels: rows, vectors: 2)
        + model.cyclesPerTile(pixels: rows, vectors: 2))
    let filter = points * channels * vectors * Double(geometry.vector)
    let transforms =
      Self.cyclesPerPoint * points * tiles * (Double(geometry.inputVectors) + vectors)
    return (summing(product, filter, blocks: blocking.blocks) + transforms) / Double(workers)
  }

  /// Cycles for products that take `product` cycles on near data, where each block of tiles reads
  /// `filter` bytes of filter.
  ///
  /// What is fetched ahead costs little until it is all that the memory gives.
  private func summing(_ product: Double, _ filter: Double, blocks: Int) -> Double {
    guard filter > Double(caches.level2) / 2 else { return product }
    let isNear = filter < 0.75 * Double(caches.level3)
    let bytes = filter * Double(blocks)
    return max(product + bytes * 0.02, bytes * (isNear ? 0.1 : 0.19))
  }

  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double {
    matrices.expectedRelativeError(channels: operation.problem.inChannels)
  }

  /// Cycles for each vector and point of a transform, in and out: two passes of loads, FMAs and
  /// stores.
  static let cyclesPerPoint = 5.0
}
