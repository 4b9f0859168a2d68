// SPDX-License-Identifier: Apache-2.0

/// A height and a width: of an image, a kernel, a stride or a dilation.
public struct Extent: Codable, Hashable, Sendable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// An extent of `height` rows and `width` columns.
  @inlinable
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The rows or the columns.
  @inlinable
  public subscript(axis: ImageAxis) -> Int { axis == .height ? height : width }

  /// Rows times columns.
  @inlinable
  public var area: Int { height * width }
}

/// A direction of an image; no key path, which Embedded Swift does not have.
public enum ImageAxis: Sendable {
  /// From row to row.
  case height
  /// From column to column.
  case width
}
