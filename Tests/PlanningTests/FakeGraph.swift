// SPDX-License-Identifier: Apache-2.0

import Convolution

/// A way to run graphs that can be planned with, but not run.
struct FakeGraph: GraphVariant {
  let identity: VariantIdentity
  let form: GraphForm

  init(_ form: GraphForm) { self.init("fake", form) }

  init(_ family: String, _ form: GraphForm) {
    self.form = form
    identity = VariantIdentity(family: family, layout: form.rawValue)
  }

  func support(_ graph: OperationGraph, workers: Int) -> Support { .supported }

  func remark(_ graph: OperationGraph, workers: Int) -> String { "" }

  func prepare(
    _ graph: OperationGraph, weights: GraphWeights, workers: Int
  ) throws -> PreparedGraph {
    preconditionFailure("nothing runs it")
  }
}
