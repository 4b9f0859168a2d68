// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A convolution in a verbose log: `implementation,direction,tensors,attributes,algorithm,problem`
/// and, in most versions, the time.
struct VerboseConvolution {
  /// The problem as the log writes it, which is a descriptor.
  let problem: String
  /// Whether the line says for certain that the problem ends where it does: a time follows it.
  let hasTime: Bool
  /// Bias and ReLU.
  let epilogue: Epilogue
  /// Post-operations other than ReLU.
  let otherPostOperations: [String]
  /// How its numbers are stored.
  let dataType: DataType
  /// Why it cannot be run; nil where it can.
  let unsupported: String?

  /// Reads the fields after the primitive's kind.
  init(_ fields: ArraySlice<Substring>) {
    let fields = Array(fields)
    let direction = fields.count > 1 ? fields[1] : ""
    let tensors = fields.count > 2 ? Self.tensorTypes(fields[2]) : [:]
    let postOperations = Self.joined(fields.dropFirst(3).flatMap(Self.postOperations))
    let isReLU = { (operation: String) in
      // A slope below zero other than 0 makes it another function.
      ["eltwise_relu", "eltwise_relu:0", "eltwise_relu:0:0"].contains(operation)
    }
    let place = fields.lastIndex(where: Self.isProblem)
    problem = place.map { String(fields[$0]) } ?? ""
    hasTime = place.map { Self.isTime(fields[($0 + 1)...].first ?? "") } ?? false
    otherPostOperations = postOperations.filter { !isReLU($0) }
    let bias = tensors["bia"] ?? "undef"
    epilogue = Epilogue(hasBias: bias != "undef", hasReLU: postOperations.contains(where: isReLU))
    let types = ["src", "wei", "dst"].map { tensors[$0] ?? "?" }
    let known = DataType(option: types.joined(separator: ":"))
    dataType = known ?? .f32
    unsupported =
      problem.isEmpty
      ? "a convolution without its problem is left out"
      : Self.refusal(direction, known == nil ? types : [])
  }

  /// Why a convolution in `direction`, of `types` where those are unknown, is left out.
  private static func refusal(_ direction: Substring, _ types: [String]) -> String? {
    guard direction.hasPrefix("forward") else { return "\(direction) convolutions are left out" }
    guard !types.isEmpty else { return nil }
    return "convolutions of \(types.joined(separator: ", ")) are left out; accepted are "
      + DataType.accepted
  }

  /// The data type of each tensor: `src_f32::blocked:…` or, from version 3.4, `src:f32::blocked:…`.
  private static func tensorTypes(_ field: Substring) -> [String: String] {
    var types: [String: String] = [:]
    for tensor in field.split(separator: " ") {
      let parts = tensor.split(maxSplits: 2, omittingEmptySubsequences: false) {
        $0 == ":" || $0 == "_"
      }
      // `src_fused` and the like are the tensors of a depthwise convolution that is fused into it.
      if parts.count > 1, parts[1] != "fused" { types[String(parts[0])] = String(parts[1]) }
    }
    return types
  }

  /// The operations of `attr-post-ops:a+b` or, before version 2.4, `post_ops:'a;b;'`.
  private static func postOperations(_ field: Substring) -> [String] {
    for marker in ["post-ops:", "post_ops:"] {
      guard let range = field.firstRange(of: marker) else { continue }
      let list = field[range.upperBound...].drop { $0 == "'" }.prefix { $0 != " " && $0 != "'" }
      return list.split { $0 == "+" || $0 == ";" }.map(String.init)
    }
    return []
  }

  /// The operations with those behind a fused depthwise convolution, which are its own, joined to it.
  private static func joined(_ operations: [String]) -> [String] {
    guard let depthwise = operations.firstIndex(where: { $0.hasPrefix("dw") }) else {
      return operations
    }
    return operations[..<depthwise] + [operations[depthwise...].joined(separator: "+")]
  }

  /// Whether a field is the problem: `mb1_ic3oc64_ih224…`, with the groups before or after `mb`.
  private static func isProblem(_ field: Substring) -> Bool {
    let rest = field.hasPrefix("g") ? field.dropFirst().drop { $0.isNumber } : field
    guard rest.hasPrefix("mb") else { return false }
    return field.contains("ic") && field.contains("oc")
  }

  private static func isTime(_ field: Substring) -> Bool {
    let text = field.filter { !$0.isWhitespace }
    return !text.isEmpty && Double(text).map { $0 >= 0 } ?? false
  }

  /// Whether the problem is all there: a log writes every key of each axis, the padding of the
  /// width last, so that what lacks one, or ends before it, was cut.
  var isWhole: Bool {
    let digits = problem.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0, problem.dropLast(digits).hasSuffix("pw") else { return false }
    let axes = problem.contains("ih") ? ["h", "w"] : ["w"]
    return axes.allSatisfy { axis in
      ["i", "o", "k", "s", "d", "p"].allSatisfy { problem.contains($0 + axis) }
    }
  }

  /// Whether the last number may lack digits: no time says that it ends, and neither does the
  /// padding of the other side.
  func mayLackDigits(_ parsed: ConvolutionProblem) -> Bool {
    !hasTime && parsed.padding.left != parsed.padding.right
  }
}
