// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation

@testable import ExternalPeers

/// The contenders of the folder `Fixtures`.
enum Fixture {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// A contender without a fault.
  static func honest() throws(ExternalError) -> ExternalContender {
    try ExternalContender(name: "honest", command: command("honest.py"), cpus: [])
  }

  /// A contender with the fault that a class of `faulty.py` is named after.
  static func faulty(
    _ fault: String, cpus: [Int] = [], timeouts: ContenderTimeouts = .init()
  ) throws(ExternalError) -> ExternalContender {
    try ExternalContender(
      name: fault, command: command("faulty.py") + [fault], cpus: cpus, timeouts: timeouts)
  }

  /// A contender that tells what it was asked to run; `kind` is `new`, `old` or `wrong`.
  static func counting(_ kind: String) throws(ExternalError) -> ExternalContender {
    try ExternalContender(name: "counting", command: command("counting.py") + [kind], cpus: [])
  }

  /// A contender of integers alone.
  static func integers() throws(ExternalError) -> ExternalContender {
    try ExternalContender(name: "integers", command: command("integers.py"), cpus: [])
  }

  /// A contender of whole networks, each of which doubles its input.
  static func doubling() throws(ExternalError) -> ExternalContender {
    try ExternalContender(name: "doubling", command: command("doubling.py"), cpus: [])
  }

  private static func command(_ file: String) -> [String] {
    ["python3", "-B", folder.appendingPathComponent(file).path]
  }
}
