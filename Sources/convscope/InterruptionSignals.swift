// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring

/// Turns Ctrl-C and a termination signal into a request to stop after the sample at hand.
///
/// A second signal ends the process at once; rows are on disk by then.
final class InterruptionSignals {
  private var sources: [any DispatchSourceSignal] = []

  init(_ interruption: Interruption) {
    let queue = DispatchQueue(label: "convscope.signals")
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if interruption.isRequested { _exit(ExitCode.interrupted.rawValue) }
        interruption.request()
      }
      source.resume()
      sources.append(source)
    }
  }
}
