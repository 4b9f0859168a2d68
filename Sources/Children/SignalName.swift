// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The names of the signals by which processes end.
enum SignalName {
  /// The name of `signal` as people know it, such as SIGKILL.
  static func of(_ signal: Int) -> String {
    switch Int32(truncatingIfNeeded: signal) {
    case SIGABRT: "SIGABRT"
    case SIGBUS: "SIGBUS"
    case SIGFPE: "SIGFPE"
    case SIGHUP: "SIGHUP"
    case SIGILL: "SIGILL, an instruction that this CPU does not have"
    case SIGINT: "SIGINT"
    case SIGKILL: "SIGKILL, perhaps for want of memory"
    case SIGSEGV: "SIGSEGV"
    case SIGTERM: "SIGTERM"
    case SIGXCPU: "SIGXCPU, all its CPU time is used (ulimit -t)"
    default: "see signal(7)"
    }
  }
}
