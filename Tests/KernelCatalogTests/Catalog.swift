// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog

/// The variants under test: all that this CPU can run.
enum Catalog {
  static let catalog = KernelCatalog()
  static var variants: [any ConvolutionVariant] { catalog.variants }
  static let ids = catalog.variants.map(\.identity.id)

  static func variant(_ id: String) throws -> any ConvolutionVariant {
    guard let variant = variants.first(where: { $0.identity.id == id }) else {
      throw Missing(id: id)
    }
    return variant
  }

  struct Missing: Error { var id: String }
}
