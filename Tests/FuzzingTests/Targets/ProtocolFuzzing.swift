// SPDX-License-Identifier: Apache-2.0

internal import Convolution
@testable internal import ExternalPeers
internal import Foundation

/// Lines of the contender protocol, from either side.
enum ProtocolFuzzing {
  static func line(_ bytes: [UInt8]) {
    _ = AnswerLine(bytes)
    guard let request = try? JSONDecoder().decode(Request.self, from: Data(bytes)),
      let problem = try? request.problem?.problem()
    else { return }
    _ = (CostModel(problem), ProblemDescriptor.print(problem))
  }
}
