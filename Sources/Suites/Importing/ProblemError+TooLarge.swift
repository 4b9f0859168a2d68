// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension ProblemError {
  /// Whether the problem makes sense and is only too large to be run.
  var isTooLarge: Bool {
    switch self {
    case .tensorTooLarge, .tooMuchWork: true
    case .sizeOutOfRange(_, let value, let accepted): value > accepted.upperBound
    default: false
    }
  }
}
