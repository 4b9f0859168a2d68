// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The kinds of convolutions among which a network's time is divided.
enum LayerClass: String, CaseIterable {
  case depthwise
  case groupedPointwise = "grouped 1×1"
  case grouped
  case dilated
  case pointwise = "1×1"
  case dense3 = "3×3"
  case dense = "other dense"
  case block = "blocks and chains"

  /// The class of a row of `measurements.csv`; the first that fits, in the order of the cases.
  init(_ row: CSVTable.Row) {
    let value = row.integer
    guard let groups = value("groups"), let channels = value("in_channels"),
      let height = value("kernel_height"), let width = value("kernel_width")
    else {
      self = .block
      return
    }
    let isPointwise = height == 1 && width == 1
    let isDilated = (value("dilation_height") ?? 1) > 1 || (value("dilation_width") ?? 1) > 1
    if groups > 1 && groups == channels {
      self = .depthwise
    } else if groups > 1 {
      self = isPointwise ? .groupedPointwise : .grouped
    } else if isPointwise {
      self = .pointwise
    } else if isDilated {
      self = .dilated
    } else {
      self = height == 3 && width == 3 ? .dense3 : .dense
    }
  }
}
