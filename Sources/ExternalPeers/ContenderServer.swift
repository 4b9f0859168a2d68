// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation

/// The other side of the protocol: answers a harness's requests with an engine.
public final class ContenderServer {
  private let engine: any ServedEngine
  private let input: Int32
  private let output: Int32

  /// A server that reads requests from the descriptor `input` and answers on `output`.
  public init(_ engine: any ServedEngine, input: Int32, output: Int32) {
    self.engine = engine
    self.input = input
    self.output = output
  }

  /// A server on this process's standard streams.
  ///
  /// From now on, what libraries print to standard output goes to standard error, so that it
  /// cannot fall between the answers.
  public static func onStandardStreams(_ engine: any ServedEngine) -> ContenderServer {
    let answers = dup(STDOUT_FILENO)
    dup2(STDERR_FILENO, STDOUT_FILENO)
    return ContenderServer(engine, input: STDIN_FILENO, output: answers)
  }

  /// Answers until the harness says `quit` or closes its side.
  public func serve() {
    var pending = RequestLine()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      var rest = buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        pending.append(rest[..<end])
        guard answer(pending.take()) else { return }
        rest = rest[(end + 1)...]
      }
      pending.append(rest)
    }
  }

  /// Answers one line; false where nothing follows.
  private func answer(_ line: RequestLine) -> Bool {
    var reply = Reply(id: nil)
    do {
      let request = try line.request()
      reply.id = request.id
      guard request.convscope == Request.version else {
        throw RequestError.version(request.convscope)
      }
      try fill(&reply, for: request)
      return send(reply) && request.action != .quit
    } catch {
      return send(Reply(id: reply.id, error: String(describing: error)))
    }
  }

  private func send(_ reply: Reply) -> Bool {
    guard var bytes = try? JSONEncoder().encode(reply) else { return false }
    bytes.append(UInt8(ascii: "\n"))
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

extension ContenderServer {
  private func fill(_ reply: inout Reply, for request: Request) throws {
    switch request.action {
    case .hello: describe(&reply)
    case .prepare: try prepare(&reply, request)
    case .output:
      let values = try engine.output(request.required(\.handle, "handle"))
      try TensorFile.write(values, to: request.required(\.path, "path"))
    case .run: try run(&reply, request)
    case .release: try engine.release(request.required(\.handle, "handle"))
    case .quit: break
    }
  }

  private func run(_ reply: inout Reply, _ request: Request) throws {
    let iterations = try request.required(\.iterations, "iterations")
    guard RequestError.iterationsAccepted.contains(iterations) else {
      throw RequestError.iterations(iterations)
    }
    if let warmUp = request.warmUp, !RequestError.warmUpAccepted.contains(warmUp) {
      throw RequestError.warmUp(warmUp)
    }
    let run = try engine.run(
      request.required(\.handle, "handle"), iterations: iterations, warmUp: request.warmUp)
    reply.warmUp = request.warmUp
    reply.timeNanoseconds = run.nanoseconds
    reply.waitedNanoseconds = run.waitedNanoseconds
    reply.contextSwitches = run.contextSwitches
    reply.migrations = run.migrations
    reply.stolenNanoseconds = run.stolenNanoseconds
  }

  private func describe(_ reply: inout Reply) {
    let hello = engine.hello
    reply.name = hello.name
    reply.version = hello.version
    reply.layouts = hello.layouts
    reply.threads = hello.threads
    reply.clock = hello.clock
    reply.accuracy = hello.accuracy.accuracyClass.rawValue
    reply.errorBound = hello.accuracy.bound
    reply.plans = hello.plans
  }

  private func prepare(_ reply: inout Reply, _ request: Request) throws {
    if request.cpus?.isEmpty == true { throw RequestError.noCPUs }
    let preparation =
      try request.entry.map {
        try engine.prepare(
          entry: $0, verifies: request.verify ?? false, cpus: request.cpus ?? [])
      } ?? prepareConvolution(request)
    switch preparation {
    case .unsupported(let reason): reply.unsupported = reason
    case .wrong(let text): reply.wrong = text
    case .ready(let handle, let layout, let implementation, let accuracy):
      reply.handle = handle
      reply.layout = layout
      reply.implementation = implementation
      reply.accuracy = accuracy?.accuracyClass.rawValue
      reply.errorBound = accuracy?.bound
    }
  }

  private func prepareConvolution(_ request: Request) throws -> ServedPreparation {
    // Left out, they would be another computation than the one that was asked for.
    if request.then != nil { throw RequestError.notServed(key: "then", word: "chains") }
    if request.model != nil { throw RequestError.notServed(key: "model", word: "models") }
    if request.type ?? .f32 != .f32 { throw RequestError.notServed(key: "dt", word: "types") }
    let problem = try request.required(\.problem, "problem").problem()
    try checkMemory(problem)
    let operation = ConvolutionOperation(
      problem,
      epilogue: Epilogue(hasBias: request.bias ?? false, hasReLU: request.relu ?? false))
    return try engine.prepare(
      operation,
      input: TensorFile.read(
        request.required(\.inputPath, "input_path"), count: problem.inputShape.count),
      weights: weights(operation, request), workers: request.workers ?? 1,
      cpus: request.cpus ?? [])
  }

  /// Plain tensors, packed ones, and the files of the harness, which lie in memory as well.
  private func checkMemory(_ problem: ConvolutionProblem) throws(RequestError) {
    let values = [problem.inputShape.count, problem.filterCount, problem.outputShape.count]
    let bytes = 3 * ElementType.f32.bytes * values.reduce(0, +)
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard bytes <= memory else { throw .tooLarge(bytes: bytes, memory: memory) }
  }

  private func weights(_ operation: ConvolutionOperation, _ request: Request) throws -> Weights {
    let filter = try TensorFile.read(
      request.required(\.filterPath, "filter_path"), count: operation.problem.filterCount)
    guard operation.epilogue.hasBias else { return Weights(operation, filter: filter) }
    let bias = try TensorFile.read(
      request.required(\.biasPath, "bias_path"), count: operation.problem.outChannels)
    return Weights(operation, filter: filter, bias: bias)
  }
}
