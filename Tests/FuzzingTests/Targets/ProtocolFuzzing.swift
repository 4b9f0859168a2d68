// SPDX-License-Identifier: Apache-2.0

internal import Convolution
@testable internal import ExternalPeers
internal import Foundation
@testable internal import Measuring
internal import Suites

/// Lines of the contender protocol, from either side.
enum ProtocolFuzzing {
  static func entry(_ text: String) {
    guard let entry = try? ServedEntry(json: text) else { return }
    let suiteCase = entry.suiteCase
    require(suiteCase.cost.macs >= 0 && suiteCase.inputShape != nil, "no case: \(suiteCase)")
    _ = (suiteCase.inputShape?.count, suiteCase.outputShape?.count, suiteCase.descriptor)
    for node in suiteCase.graph?.nodes ?? [] { require(node.shape.count > 0, "no shape: \(node)") }
    require((try? ServedEntry(json: entry.json)) == entry, "another entry after it was written")
  }

  static func line(_ bytes: [UInt8]) {
    _ = AnswerLine(bytes)
    guard let request = try? JSONDecoder().decode(Request.self, from: Data(bytes)),
      let problem = try? request.problem?.problem()
    else { return }
    _ = (CostModel(problem), ProblemDescriptor.print(problem))
  }
}
