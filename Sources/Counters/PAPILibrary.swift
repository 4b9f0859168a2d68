// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Glibc
internal import Synchronization

/// PAPI, loaded and started.
///
/// A value, so that workers do not count references to it while they measure. Unchecked because it
/// holds a C pointer. The invariant: what it points at never changes or goes away; PAPI itself is told how to tell threads apart, and the
/// calls that are not safe beside each other are made under one lock.
struct PAPILibrary: @unchecked Sendable {
  private let pointer: OpaquePointer
  /// Held while the library starts, names are resolved and event sets are made.
  ///
  /// PAPI waits for ever where two threads start it at once, leaks where two resolve names, and a
  /// probe should not meet another worker's probe. One lock for all instances: stand-ins for tests
  /// lead to the same installed library.
  private static let setUp = Mutex<Void>(())

  /// The environment variable that names another library file, for tests.
  static let pathVariable = "CONVSCOPE_PAPI"

  /// The library of this process, or why there is none.
  static let shared: Result<PAPILibrary, PAPIAbsence> = {
    let path = getenv(pathVariable).map { String(cString: $0) }
    return Result { () throws(PAPIAbsence) in try PAPILibrary(path: path) }
  }()

  /// Loads and starts the library at `path`, or the installed one.
  init(path: String? = nil) throws(PAPIAbsence) {
    var reason = [CChar](repeating: 0, count: 512)
    let opened =
      path.map { cpapi_open($0, &reason, reason.count) } ?? cpapi_open(nil, &reason, reason.count)
    guard let opened else { throw .missing(loader: String(terminated: reason)) }
    pointer = opened
    let status = Self.setUp.withLock { _ in cpapi_initialise(opened) }
    guard status == CPAPI_OK else {
      throw .refused(status: String(cString: cpapi_status_text(opened, status)))
    }
  }

  /// Its version, such as `7.0.0`.
  var version: String {
    let version = cpapi_version(pointer)
    return "\(version >> 24 & 0xff).\(version >> 16 & 0xff).\(version >> 8 & 0xff)"
  }

  /// Its words for a status code.
  func text(of status: Int32) -> String { String(cString: cpapi_status_text(pointer, status)) }

  /// Runs `body` while no other thread resolves names or makes event sets.
  func exclusively<Value>(_ body: () -> sending Value) -> sending Value {
    Self.setUp.withLock { _ in body() }
  }

  /// Makes the calling thread known to the library.
  func registerThread() -> Int32 { cpapi_register_thread(pointer) }

  /// Makes the calling thread unknown to the library again.
  func unregisterThread() { cpapi_unregister_thread(pointer) }

  /// The code of the event called `name`.
  /// - Requires: the calling thread is registered; PAPI 7.0 crashes otherwise.
  func code(of name: String) -> Result<Int32, PAPIFailure> {
    var code: Int32 = 0
    let status = cpapi_event_code(pointer, name, &code)
    return status == CPAPI_OK
      ? .success(code) : .failure(PAPIFailure(stage: .resolve, status: status))
  }

  /// A new event set of `codes`.
  func makeSet(of codes: [Int32]) -> Result<Int32, PAPIFailure> {
    var set: Int32 = 0
    let created = cpapi_create_set(pointer, &set)
    guard created == CPAPI_OK else { return .failure(PAPIFailure(stage: .create, status: created)) }
    for code in codes {
      let added = cpapi_add_event(pointer, set, code)
      guard added == CPAPI_OK else {
        destroy(set)
        return .failure(PAPIFailure(stage: .add, status: added))
      }
    }
    return .success(set)
  }

  /// Starts counting.
  func start(_ set: Int32) -> Int32 { cpapi_start(pointer, set) }

  /// Writes one value per event of `set`.
  @inline(__always)
  func read(_ set: Int32, into values: UnsafeMutablePointer<Int64>) -> Int32 {
    cpapi_read(pointer, set, values)
  }

  /// Stops counting; what was counted goes to `values`.
  func stop(_ set: Int32, into values: UnsafeMutablePointer<Int64>) -> Int32 {
    cpapi_stop(pointer, set, values)
  }

  /// Frees a stopped set.
  func destroy(_ set: Int32) {
    var set = set
    _ = cpapi_destroy_set(pointer, &set)
  }
}

extension String {
  /// The text before the first zero of a C buffer.
  init(terminated buffer: [CChar]) {
    self.init(
      decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Why there is no PAPI to count with.
enum PAPIAbsence: Error, Hashable, Sendable {
  /// No library could be loaded; the loader's words.
  case missing(loader: String)
  /// It was loaded and would not start; its own words.
  case refused(status: String)

  /// A sentence with what the user can do.
  var reason: String {
    switch self {
    case .missing(let loader):
      "PAPI missing (\(loader)); install the package libpapi-dev"
    case .refused(let status):
      "PAPI does not start (\(status)); reinstall the package libpapi-dev"
    }
  }
}

/// A call to PAPI that failed.
struct PAPIFailure: Error, Hashable, Sendable {
  /// The calls that an event goes through before it has a value.
  enum Stage: String, Sendable {
    case register = "this thread cannot be registered"
    case resolve = "unknown event"
    case create = "no event set"
    case add = "cannot be added"
    case start = "cannot be started"
    case read = "cannot be read"
  }

  /// The call.
  var stage: Stage
  /// PAPI's status code; positive where the call passed and its result cannot be true.
  var status: Int32

  /// A status of our own: the call passed, but a counter that must advance did not.
  static let standsStill: Int32 = 1
}
