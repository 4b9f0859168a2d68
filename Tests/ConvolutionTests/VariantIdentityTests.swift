// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@Suite("Variant ids")
struct VariantIdentityTests {
  @Test("An id is built of the parts that there are")
  func parts() {
    let full = VariantIdentity(
      family: "direct", layout: "nchw16c", detail: "14x2", instructionSet: .avx512)
    #expect(full.id == "direct/nchw16c/14x2/avx512")
    #expect(VariantIdentity(family: "onednn", layout: "any").id == "onednn/any")
    #expect(
      VariantIdentity(family: "depthwise", layout: "nhwc", instructionSet: .avx2).id
        == "depthwise/nhwc/avx2")
  }
}
