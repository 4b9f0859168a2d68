// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@testable import convscope

@Suite("What a gate keeps and says beside its answer")
struct GateToolTests {
  @Test("The builds of revisions that were used last are kept, and those in use")
  func superfluousBuilds() {
    let now = Date(timeIntervalSince1970: 1_000_000)
    let folder = { (name: Int) in URL(filePath: "/builds/\(name)") }
    // Number n was used n hours and a half ago.
    let used = [3, 0, 5, 1, 4, 2].map { number in
      (folder: folder(number), at: now - 3600 * (Double(number) + 0.5))
    }
    #expect(RevisionBuild.superfluous(used, now: now) == [folder(4), folder(5)])
    let busy = (0..<9).map { (folder: folder($0), at: now - Double($0)) }
    #expect(RevisionBuild.superfluous(busy, now: now).isEmpty)
  }

  @Test("Counts of kernels that do not run here are said to be such")
  func remark() throws {
    let remark = try #require(CountGate.remark(on: [.baseline, .avx2, .avx512]))
    #expect(remark.contains("AVX2 kernels were counted"))
    #expect(CountGate.remark(on: [.baseline, .avx2]) == nil)
  }
}
