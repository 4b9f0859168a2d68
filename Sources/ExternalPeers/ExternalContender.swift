// SPDX-License-Identifier: Apache-2.0

public import Children
public import Convolution
internal import Foundation

/// A contender in a process of its own, spoken to over its standard input and output.
///
/// Each call returns within its time-out (plus the grace for ending the process) whatever the
/// other side does. After an error that `endsContender`, the process group is gone and every later
/// call throws the same error; start another contender for the next problem.
public final class ExternalContender {
  /// A problem that the contender has prepared.
  public struct Handle: Hashable, Sendable {
    /// The contender's number for it.
    public let number: Int
    /// Elements of its output.
    public let outputCount: Int
    /// Multiply-accumulates whose operands are no padding.
    let macs: Double
    /// The workers that compute it.
    public let workers: Int
    /// The activation layout between start and stop of its clock, where it says so.
    public let layout: String?
    /// What the contender chose by itself: an algorithm, a kernel.
    public let implementation: String?
    /// How closely this problem's result follows the textbook sum.
    public let accuracy: ContenderAccuracy
  }

  /// What the suite or the command line calls it.
  public let name: String
  /// What it says about itself.
  public let hello: Hello
  /// Whether it computes the warm-up in one go with what it times; nil before it was asked.
  ///
  /// One that does not gets it as a request of its own: as many iterations, but with a pause behind.
  public private(set) var warmsUp: Bool?
  /// Why it is gone; nil while it lives.
  public var failure: ExternalError? { connection.failure }

  /// Its process, which is also its process group.
  var processIdentifier: Int32 { connection.processIdentifier }

  private let connection: ContenderConnection
  private let cpus: [Int]
  private let tensors = TensorDirectory()

  /// Starts `command`, restricted to `cpus`, in a process group of its own, and greets it.
  /// - Throws: `ExternalError` where it does not start, answer in time or speak the protocol.
  public init(
    name: String, command: [String], cpus: [Int], timeouts: ContenderTimeouts = .init(),
    interruption: Interruption = .bySignal
  ) throws(ExternalError) {
    self.name = name
    self.cpus = cpus
    connection = try ContenderConnection(
      command, cpus: cpus, timeouts: timeouts, interruption: interruption)
    let reply = try connection.ask(connection.request(.hello))
    hello = try Self.read(reply, connection)
  }

  deinit { close() }

  /// Has the contender prepare one convolution.
  /// - Throws: `ExternalError.unsupported` where it cannot compute the problem.
  public func prepare(
    _ operation: ConvolutionOperation, input: TensorValues, weights: Weights, workers: Int
  ) throws(ExternalError) -> Handle {
    try prepare([operation], input: input, weights: [weights], workers: workers)
  }

  /// Has the contender prepare convolutions that follow each other; the tensors' files are gone when
  /// this returns.
  /// - Parameters:
  ///   - operations: the problems and their epilogues, at least one.
  ///   - input: plain `[N][Ci][H][W]`.
  ///   - weights: the plain filters and biases.
  ///   - workers: how many workers it may use, on as many of the CPUs it was started with.
  /// - Returns: what later requests name the problem by.
  /// - Throws: `ExternalError.unsupported` where it cannot compute the problem.
  public func prepare(
    _ operations: [ConvolutionOperation], input: TensorValues, weights: [Weights], workers: Int
  ) throws(ExternalError) -> Handle {
    try checkSupport(operations)
    var request = connection.request(.prepare)
    if let type = operations.first?.problem.dataType, type != .f32 { request.type = type }
    request.quantization = weights.first?.quantization.map { QuantizationFields($0) }
    var paths: [String] = []
    defer { for path in paths { tensors.discard(path) } }
    func pass(_ values: TensorValues, _ name: String) throws(ExternalError) -> String {
      let path = try tensors.write(values, as: name)
      paths.append(path)
      return path
    }
    request.inputPath = try pass(input, "input")
    var steps: [FollowingStep] = []
    for (operation, weights) in zip(operations, weights) {
      let epilogue = operation.epilogue
      let filter = try pass(weights.filter, "filter")
      let bias = epilogue.hasBias ? try pass(weights.bias, "bias") : nil
      steps.append(
        FollowingStep(
          problem: ProblemFields(operation.problem), bias: epilogue.hasBias,
          relu: epilogue.hasReLU, filterPath: filter, biasPath: bias))
    }
    request.take(steps)
    (request.workers, request.cpus) = (workers, cpus.isEmpty ? nil : Array(cpus.prefix(workers)))
    return try handle(
      connection.ask(request), outputCount: operations.last?.problem.outputShape.count ?? 0,
      macs: operations.reduce(0) { $0 + Double(CostModel($1.problem).macsInsideImage) },
      workers: workers)
  }

  /// Whether it says that it can compute chains, and these types.
  private func checkSupport(_ operations: [ConvolutionOperation]) throws(ExternalError) {
    guard operations.count == 1 || hello.hasChains else {
      throw .unsupported(reason: "\(name) computes single convolutions only")
    }
    let types = Set(operations.map(\.problem.dataType))
    if let type = types.first(where: { !hello.types.contains($0.rawValue) }) {
      let own = hello.types.joined(separator: ", ")
      throw .unsupported(reason: "\(name) computes \(own) here, not \(type.rawValue)")
    }
    guard operations.count == 1 || types == [.f32] else {
      throw .unsupported(reason: "the protocol has chains in f32 only")
    }
  }

  /// Has the contender prepare a whole network.
  /// - Parameters:
  ///   - model: the network; its files must stay until this returns.
  ///   - outputCount: elements of all results together.
  ///   - macs: multiply-accumulates of its convolutions.
  ///   - workers: how many workers it may use, on as many of the CPUs it was started with.
  /// - Returns: what later requests name the network by.
  /// - Throws: `ExternalError.unsupported` where it cannot compute the network.
  public func prepare(
    _ model: ModelFields, outputCount: Int, macs: Int, workers: Int
  ) throws(ExternalError) -> Handle {
    guard hello.hasModels else {
      throw .unsupported(reason: "\(name) computes convolutions only, and no whole networks")
    }
    var request = connection.request(.prepare)
    request.model = model
    request.workers = workers
    request.cpus = cpus.isEmpty ? nil : Array(cpus.prefix(workers))
    return try handle(
      connection.ask(request), outputCount: outputCount, macs: Double(macs), workers: workers)
  }

  /// Has the contender prepare an entry of a plan.
  /// - Parameters:
  ///   - entry: what it is, as JSON of the form that the contender's `hello` names.
  ///   - verifies: whether the contender checks its output first.
  ///   - macs: multiply-accumulates of its convolutions.
  ///   - workers: how many workers it may use, on as many of the CPUs it was started with.
  /// - Returns: what later requests name it by; its output is not handed over.
  /// - Throws: `ExternalError.unsupported` where it cannot compute the entry, `.wrong` where its
  ///   output is.
  public func prepare(
    entry: String, verifies: Bool, macs: Int, workers: Int
  ) throws(ExternalError) -> Handle {
    var request = connection.request(.prepare)
    request.entry = entry
    request.verify = verifies
    request.cpus = cpus.isEmpty ? nil : Array(cpus.prefix(workers))
    return try handle(
      connection.ask(request), outputCount: 0, macs: Double(macs), workers: workers)
  }

  /// Has the contender compute once, for the check.
  /// - Returns: the output as plain `[N][Co][Ho][Wo]`.
  public func output(_ handle: Handle) throws(ExternalError) -> TensorValues {
    let count = handle.outputCount
    var request = connection.request(.output, handle)
    let path = try tensors.reserve(bytes: count * ElementType.f32.bytes, as: "output")
    request.path = path
    do throws(ExternalError) {
      _ = try connection.ask(request)
    } catch {
      tensors.discard(path)
      throw error
    }
    return try tensors.take(path, count: count)
  }

  /// Has the contender compute `iterations` times.
  /// - Returns: the nanoseconds that its clock showed for all iterations.
  /// - Throws: `ExternalError.implausibleTime` where no clock can have shown that.
  public func run(_ handle: Handle, iterations: Int) throws(ExternalError) -> Double {
    try timedRun(handle, iterations: iterations, warmUp: nil).run.nanoseconds
  }

  /// As `run`, after a warm-up, with what the contender says about disturbances.
  /// - Parameters:
  ///   - handle: the problem.
  ///   - iterations: how often it computes by its clock.
  ///   - warmUp: how often before, without a clock; a request of its own for those that know of none.
  /// - Returns: the time of the iterations by the contender's clock.
  /// - Throws: `ExternalError`.
  public func observedRun(
    _ handle: Handle, iterations: Int, warmUp: Int
  ) throws(ExternalError) -> ServedRun {
    if warmsUp != false {
      let (run, warmed) = try timedRun(handle, iterations: iterations, warmUp: warmUp)
      if let warmed, warmed != warmUp {
        throw connection.fail(
          .malformedAnswer(
            .run, quote: "\(warmed)", problem: "warm_up is the number that was asked for"))
      }
      warmsUp = warmed != nil
      if warmed != nil || warmUp == 0 { return run }
    }
    if warmUp > 0 { _ = try timedRun(handle, iterations: warmUp, warmUp: nil) }
    return try timedRun(handle, iterations: iterations, warmUp: nil).run
  }

  /// One request to run; the iterations that the contender says it computed before its clock.
  private func timedRun(
    _ handle: Handle, iterations: Int, warmUp: Int?
  ) throws(ExternalError) -> (run: ServedRun, warmUp: Int?) {
    var request = connection.request(.run, handle)
    request.iterations = iterations
    request.warmUp = warmUp
    let start = ContinuousClock.now
    let reply = try connection.ask(request)
    let passed = (ContinuousClock.now - start) / .nanoseconds(1)
    guard let time = reply.timeNanoseconds else {
      throw connection.fail(.missing(.run, key: "time_ns"))
    }
    try PlausibleTime(handle, iterations: iterations, passed: passed).check(time)
    let run = ServedRun(
      nanoseconds: time, waitedNanoseconds: reply.waitedNanoseconds,
      contextSwitches: reply.contextSwitches, migrations: reply.migrations,
      stolenNanoseconds: reply.stolenNanoseconds)
    return (run, reply.warmUp)
  }

  /// Has the contender forget a problem; errors are of no consequence.
  public func release(_ handle: Handle) {
    _ = try? connection.ask(connection.request(.release, handle))
  }

  /// Ends the contender, gently first, and removes its files.
  public func close() {
    connection.close()
    tensors.remove()
  }
}

extension ExternalContender {
  private func handle(
    _ reply: Reply, outputCount: Int, macs: Double, workers: Int
  ) throws(ExternalError) -> Handle {
    if let reason = reply.unsupported { throw .unsupported(reason: reason) }
    if let text = reply.wrong { throw .wrong(text) }
    guard let number = reply.handle else {
      throw connection.fail(.missing(.prepare, key: "handle"))
    }
    var accuracy = hello.accuracy
    if let name = reply.accuracy {
      guard let stated = ContenderAccuracy(name: name, bound: reply.errorBound) else {
        throw connection.fail(.accuracy(.prepare, name))
      }
      accuracy = stated
    }
    return Handle(
      number: number, outputCount: outputCount, macs: macs, workers: workers,
      layout: reply.layout, implementation: reply.implementation, accuracy: accuracy)
  }

  private static func read(
    _ reply: Reply, _ connection: ContenderConnection
  ) throws(ExternalError) -> Hello {
    func field<Value>(_ key: String, _ value: Value?) throws(ExternalError) -> Value {
      guard let value else { throw connection.fail(.missing(.hello, key: key)) }
      return value
    }
    let accuracy = try field("accuracy", reply.accuracy)
    guard let accuracy = ContenderAccuracy(name: accuracy, bound: reply.errorBound) else {
      throw connection.fail(.accuracy(.hello, accuracy))
    }
    return Hello(
      name: try field("name", reply.name), version: try field("version", reply.version),
      layouts: try field("layouts", reply.layouts), threads: try field("threads", reply.threads),
      clock: try field("clock", reply.clock), accuracy: accuracy,
      hasChains: reply.chains ?? false, hasModels: reply.models ?? false,
      types: reply.types ?? [DataType.f32.rawValue], plans: reply.plans)
  }
}

extension ExternalError {
  /// An answer without a key that it must have.
  fileprivate static func missing(_ action: Action, key: String) -> ExternalError {
    .malformedAnswer(action, quote: "", problem: "the key ‘\(key)’ is missing")
  }

  /// An answer whose accuracy makes no sense.
  fileprivate static func accuracy(_ action: Action, _ name: String) -> ExternalError {
    .malformedAnswer(
      action, quote: name,
      problem: "accuracy is ‘exact’, or ‘fast’ with an error_bound between 0 and 1")
  }
}
