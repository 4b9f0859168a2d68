// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
internal import Planning

/// What `--runtime` asks: libraries that can be linked into this program, and programs beside it.
struct Runtimes {
  static let option = Option(
    "--runtime", "NAME[,NAME…]",
    "ask the suites' questions of these runtimes, too: each computes baseline and contender "
      + "(onednn, xnnpack, openblas, or one of peers/ such as onnxruntime)")

  /// Libraries that can be linked, with the ids of their forms: the default first, and then what else
  /// computes where that one cannot.
  private static let linked = [
    Runtime(name: "onednn", forms: ["onednn/any", "onednn/nhwc", "onednn/nchw"]),
    Runtime(name: "xnnpack", forms: ["xnnpack/nhwc"]),
    Runtime(name: "openblas", forms: ["im2col-openblas/nchw"]),
  ]

  /// The runtimes, in the order in which they were named.
  private(set) var asked: [Runtime] = []
  /// The programs of those that `known` has none for.
  private(set) var programs: [ProgramToStart] = []

  /// Reads the option.
  /// - Parameters:
  ///   - arguments: The command line.
  ///   - variants: What this program has.
  ///   - known: Programs that suites and the command line name.
  /// - Throws: `UsageError.invalidValue` for a name that nothing has.
  init(
    _ arguments: Arguments, variants: [any ConvolutionVariant], known: [ProgramToStart]
  ) throws(UsageError) {
    for name in try arguments.list(Self.option.name) {
      if let runtime = Self.linked.first(where: { $0.name == name }) {
        asked.append(Self.present(runtime, among: variants))
      } else if known.contains(where: { $0.contender == name }) {
        asked.append(Runtime(name: name, forms: [name]))
      } else if Self.peers.contains(name) {
        asked.append(Runtime(name: name, forms: [name]))
        programs.append(
          ProgramToStart(contender: name, command: ["peers/run", name], source: .runtime))
      } else {
        let accepted = Self.linked.map(\.name) + Self.peers + known.map(\.contender)
        var seen: Set<String> = []
        throw .invalidValue(
          option: Self.option.name, value: name,
          accepted: accepted.filter { seen.insert($0).inserted }.joined(separator: ", "))
      }
    }
  }

  private static func present(
    _ runtime: Runtime, among variants: [any ConvolutionVariant]
  ) -> Runtime {
    var found = runtime
    let ids = Set(variants.map(\.identity.id))
    found.forms = runtime.forms.filter { ids.contains($0) }
    if found.forms.isEmpty {
      found.forms = runtime.forms
      found.absence = "this build has no \(runtime.name): ./convscope run --with \(runtime.name)"
    }
    return found
  }

  /// The contenders in the folder `peers` of this checkout.
  private static let peers: [String] = {
    let folder = ProjectFolder.url.appending(path: "peers").path(percentEncoded: false)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let ending = "_contender.py"
    return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }()
}
