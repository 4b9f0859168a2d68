// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring

/// Where results go that were not sent elsewhere: `results/<machine>/<UTC time>`.
enum ResultFolder {
  /// The folder that `--output` named, or a new one with `suffix` behind the time.
  static func url(_ output: String?, environment: RunEnvironment, suffix: String = "") -> URL {
    if let output { return URL(filePath: output) }
    return ProjectFolder.url.appending(
      path: "results/\(environment.machine)/\(UTCTime.now)\(suffix)")
  }
}
