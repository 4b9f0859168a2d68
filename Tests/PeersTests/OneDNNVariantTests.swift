// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  import Convolution
  import Testing

  @testable import Peers

  @Suite("oneDNN as variants")
  struct OneDNNVariantTests {
    private let operation: ConvolutionOperation

    init() throws {
      operation = ConvolutionOperation(try EdgeProblems.problem("ic32ih14oc48kh3ph1"))
    }

    private func prepare(_ id: String, workers: Int = 1) throws -> PreparedOperation {
      let variant = try #require(OneDNNVariant.all.first { $0.identity.id == id })
      let layouts = variant.layouts(operation)
      return try variant.prepare(
        operation, weights: PeerTrial.integers(operation, seed: 1).weights,
        input: try Activation(operation.problem.inputShape, layout: layouts.input),
        output: try Activation(operation.problem.outputShape, layout: layouts.output),
        workers: workers)
    }

    @Test("conversions are timed exactly where plain NCHW is asked for")
    func conversionsAreTimed() throws {
      #expect(try prepare("onednn/any").phases.map(\.name) == ["convolution"])
      let reordered = try prepare("onednn/any+reorder")
      let inside = try #require(OneDNNVariant.all.first { $0.identity.id == "onednn/any" })
      // A CPU for which the library prefers NCHW needs no conversion.
      if inside.layouts(operation).input != .nchw {
        #expect(reordered.phases.first?.name == "reorder input")
      }
      #expect(reordered.phases.contains { $0.name == "convolution" })
    }

    @Test("the implementation names version, kernel and layouts")
    func implementationIsNamed() throws {
      let implementation = try #require(try prepare("onednn/nhwc").implementation)
      #expect(implementation.hasPrefix("oneDNN 2."))
      #expect(implementation.hasSuffix(", nhwc to nhwc"))
      #expect(implementation.contains(":"))
    }

    @Test("one worker has no threads of the library's own, two have")
    func threadsAreDeclared() throws {
      let alone = try prepare("onednn/any")
      #expect(!alone.usesOwnThreads && alone.beforeRound == nil && alone.afterRound == nil)
      let team = try prepare("onednn/any", workers: 2)
      #expect(team.usesOwnThreads && team.beforeRound != nil && team.afterRound != nil)
    }

    @Test("what the library refuses is a reason", arguments: ["onednn/winograd"])
    func refusalIsAReason(id: String) throws {
      let variant = try #require(OneDNNVariant.all.first { $0.identity.id == id })
      let grouped = ConvolutionOperation(try EdgeProblems.problem("g2ic32ih14oc32kh5ph2"))
      guard case .unsupported(let reason) = variant.support(grouped, workers: 1) else {
        Issue.record("5×5 in groups is no Winograd of oneDNN")
        return
      }
      #expect(reason.contains("oneDNN 2."))
    }
  }
#endif
