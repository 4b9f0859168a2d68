// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters
internal import ExternalPeers
internal import Planning
internal import Suites

/// An entry that a contender in a process of its own computes.
///
/// Its time is the one that the contender's own clock shows; our workers sleep meanwhile.
final class ExternalSubject: Subject {
  private let contender: ExternalPeers.ExternalContender
  let handle: ExternalPeers.ExternalContender.Handle
  private let caseName: String
  private let data: CaseData
  private let model: ModelFiles?
  private let expected: TensorValues

  init(_ entry: PlanEntry, contender: ExternalPeers.ExternalContender, data: CaseData) throws {
    guard entry.cache == .warm else {
      throw SubjectFailure.unsupported("external contenders are measured with warm caches only")
    }
    self.contender = contender
    self.data = data
    caseName = entry.suiteCase.name
    model = entry.suiteCase.model
    let expected = try model.map(ModelTensors.outputs) ?? []
    self.expected = expected
    handle = try SubjectFailure.translating {
      if let model = entry.suiteCase.model {
        return try contender.prepare(
          ModelFields(model), outputCount: expected.count, macs: entry.suiteCase.cost.macs,
          workers: entry.workers)
      }
      return try contender.prepare(
        data.operations, input: data.input, weights: data.weights, workers: entry.workers)
    }
  }

  var implementation: String? {
    [contender.hello.name, contender.hello.version, handle.implementation, handle.layout]
      .compactMap { $0 }.joined(separator: " ")
  }

  var scratchBytes: Int? { nil }
  var accuracy: AccuracyClass { handle.accuracy.accuracyClass }

  func verify(_ cache: ReferenceCache) throws -> [Verification] {
    let output = try SubjectFailure.translating { try contender.output(handle) }
    if model != nil {
      return [
        Verification(
          output: output, expected: expected, largestError: ModelFiles.largestError,
          source: ModelFiles.source)
      ]
    }
    let operation = data.operations[0]
    guard data.operations.count == 1 else {
      return [verifyChain(output)]
    }
    return [
      Verification(
        output: output, reference: cache.firstStep(of: caseName, data: data),
        bound: handle.accuracy.errorBound(operation), shape: operation.problem.outputShape)
    ]
  }

  /// Of a chain only the last output is there to be seen.
  private func verifyChain(_ output: TensorValues) -> Verification {
    let reference = ChainReference.last(data) { handle.accuracy.errorBound($0) }
    return Verification(
      output: output, reference: reference, bound: ErrorBound(relative: 1),
      shape: data.operations[data.operations.count - 1].problem.outputShape)
  }

  func sample(iterations: Int, warmUp: Int) throws -> Sample {
    try SubjectFailure.translating {
      Sample(try contender.observedRun(handle, iterations: iterations, warmUp: warmUp), iterations)
    }
  }

  func shares(iterations: Int) throws -> [WorkerShare] { [] }

  func takeCounters() -> [[CounterReading]] { [] }

  func release() { contender.release(handle) }
}

extension ModelFields {
  /// The files of a model as a contender is told of them.
  fileprivate init(_ files: ModelFiles) {
    self.init(
      path: files.model,
      inputs: files.inputs.map { input in
        Given(name: input.name, path: input.path, shape: input.shape, type: input.type)
      }, results: files.results)
  }
}

extension SubjectFailure {
  /// The exit code with which a contender says that its library is not installed here:
  /// `EX_UNAVAILABLE` of sysexits.h.
  private static let unavailable = 69

  /// Runs `body`; errors of a contender become reasons of a row.
  static func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch ExternalError.unsupported(let reason) {
      throw SubjectFailure.unsupported(reason)
    } catch ExternalError.exited(.hello, code: unavailable, let evidence) {
      throw SubjectFailure.unsupported(evidence.isEmpty ? "not available here" : evidence)
    } catch ExternalError.wrong(let text) {
      throw SubjectFailure.wrong(text)
    } catch ExternalError.interrupted {
      throw SubjectFailure.interrupted
    } catch let error as ExternalError where error.isEnd {
      throw SubjectFailure.ended("\(error)")
    } catch let error as ExternalError {
      throw SubjectFailure.failed("\(error)")
    }
  }

  /// The same for whoever wants no other error.
  public static func naming<Value>(_ body: () throws -> Value) throws(SubjectFailure) -> Value {
    do {
      return try translating(body)
    } catch let failure as SubjectFailure {
      throw failure
    } catch {
      throw .failed("\(error)")
    }
  }
}

extension ExternalError {
  /// Whether the contender's process ended by itself or by a signal.
  fileprivate var isEnd: Bool {
    switch self {
    case .exited, .killed: true
    default: false
    }
  }
}
