// SPDX-License-Identifier: Apache-2.0

/// One answer line; which fields are present depends on the request.
struct Reply: Codable {
  var convscope = Request.version
  /// The request that is answered; nil only where it could not be read.
  var id: Int?
  /// The request failed; everything else still works.
  var error: String?
  /// The problem cannot be computed.
  var unsupported: String?
  // hello
  var name: String?
  var version: String?
  var layouts: [String]?
  var threads: String?
  var clock: String?
  /// Whether `prepare` may have `then`.
  var chains: Bool?
  /// The types that `dt` may have; nil for 32-bit floats alone.
  var types: [String]?
  /// Whether `prepare` may have `model`.
  var models: Bool?
  /// The form of the entries of a plan that `prepare` may have.
  var plans: Int?
  // hello and prepare
  var accuracy: String?
  var errorBound: Double?
  // prepare
  var handle: Int?
  var layout: String?
  var implementation: String?
  /// What is wrong with the output, where it was to be checked.
  var wrong: String?
  // run
  var timeNanoseconds: Double?
  /// Iterations that went before the clock, as asked for.
  var warmUp: Int?
  var waitedNanoseconds: Double?
  var contextSwitches: Int?
  var migrations: Int?
  var stolenNanoseconds: Double?

  enum CodingKeys: String, CodingKey {
    case convscope, id, error, unsupported, name, version, layouts, threads, clock, accuracy
    case chains, models, plans, types
    case handle, layout, implementation, wrong
    case errorBound = "error_bound"
    case warmUp = "warm_up"
    case timeNanoseconds = "time_ns"
    case waitedNanoseconds = "waited_ns"
    case contextSwitches = "context_switches"
    case migrations
    case stolenNanoseconds = "stolen_ns"
  }

  init(id: Int?, error: String? = nil) {
    self.id = id
    self.error = error
  }
}
