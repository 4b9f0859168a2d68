// SPDX-License-Identifier: Apache-2.0

/// The field's one-line notation of a convolution, as benchdnn reads it.
///
/// `g32mb1ic128ih56oc128kh3ph1n"resnext50:conv2*3"`: groups, batch, channels, sizes, kernel,
/// stride, padding, and dilation *minus one* (`dh0` is dense). A missing width copies the height
/// and a missing height the width; a missing output or padding is deduced; `_` between fields is
/// ignored; `*3` at the end of the name is a multiplicity. The default batch is 1 (benchdnn: 2).
/// - Source: oneDNN, tests/benchdnn, driver_conv.md.
public enum ProblemDescriptor {
  /// Keys in the order in which a descriptor is printed.
  static let keys = [
    "g", "mb", "ic", "ih", "iw", "oc", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw",
  ]
  /// Keys of three-dimensional problems, which are recognised in order to be refused.
  static let volumetricKeys = ["id", "od", "kd", "sd", "pd", "dd"]

  /// Reads a descriptor.
  /// - Throws: `ProblemError` naming the key, its value and what is accepted.
  public static func parse(_ text: String) throws(ProblemError) -> NamedProblem {
    var fields = try DescriptorFields(text)
    return NamedProblem(
      try fields.problem(), name: fields.name, multiplicity: fields.multiplicity)
  }
}

/// The keys and numbers of a descriptor, before anything is deduced.
private struct DescriptorFields {
  private(set) var values: [String: Int] = [:]
  private(set) var name: String?
  private(set) var multiplicity = 1

  init(_ text: String) throws(ProblemError) {
    let characters = Array(text)
    var index = 0
    func malformed(at start: Int) -> ProblemError {
      .malformedDescriptor(
        text: String(characters[start...].prefix(12)), column: start + 1,
        accepted: "a key of \(ProblemDescriptor.keys.joined(separator: " ")) with a number, "
          + "or n\"name\" at the end")
    }
    while index < characters.count {
      if characters[index] == "_" {
        index += 1
        continue
      }
      let start = index
      while index < characters.count, characters[index].isLetter { index += 1 }
      let key = String(characters[start..<index])
      if key == "n" {
        try readName(String(characters[index...]), column: index + 1)
        return
      }
      let digitsStart = index
      if index < characters.count, characters[index] == "-" { index += 1 }
      while index < characters.count, characters[index].isASCII, characters[index].isNumber {
        index += 1
      }
      let digits = String(characters[digitsStart..<index])
      if ProblemDescriptor.volumetricKeys.contains(key) { throw .volumetric(key: key) }
      guard ProblemDescriptor.keys.contains(key), !digits.isEmpty, digits != "-" else {
        throw malformed(at: start)
      }
      guard let value = Int(digits) else { throw .numberOutOfRange(key: key, digits: digits) }
      guard values.updateValue(value, forKey: key) == nil else { throw .duplicateKey(key: key) }
    }
  }

  private mutating func readName(_ text: String, column: Int) throws(ProblemError) {
    var name = Substring(text)
    if name.hasPrefix("\"") {
      guard name.count >= 2, name.hasSuffix("\"") else {
        throw .malformedDescriptor(text: text, column: column, accepted: "n\"name\" at the end")
      }
      name = name.dropFirst().dropLast()
    }
    if let star = name.lastIndex(of: "*"), let count = Int(name[name.index(after: star)...]) {
      guard count >= 1 else {
        throw .sizeOutOfRange(
          key: "multiplicity (*)", value: count, accepted: 1...ConvolutionProblem.largestAxis)
      }
      multiplicity = count
      name = name[..<star]
    }
    self.name = String(name)
  }

  /// The value of a height key or, where missing, of its width key, and the other way round.
  private func pair(_ height: String, _ width: String) -> Extent? {
    guard let first = values[height] ?? values[width] else { return nil }
    return Extent(values[height] ?? first, values[width] ?? first)
  }

  private func required(_ key: String) throws(ProblemError) -> Int {
    guard let value = values[key] else {
      throw .missingKey(key: key, deduction: "it cannot be deduced")
    }
    return value
  }

  mutating func problem() throws(ProblemError) -> ConvolutionProblem {
    let inChannels = try required("ic")
    let outChannels = try required("oc")
    guard let kernel = pair("kh", "kw") else {
      throw .missingKey(key: "kh", deduction: "kh or kw must be given")
    }
    let stride = pair("sh", "sw") ?? Extent(1, 1)
    let minusOne = pair("dh", "dw") ?? Extent(0, 0)
    let dilation = Extent(minusOne.height &+ 1, minusOne.width &+ 1)
    let output = pair("oh", "ow")
    let given = pair("ph", "pw")
    guard let input = pair("ih", "iw") ?? deducedInput(output, kernel, stride, dilation, given)
    else {
      throw .missingKey(key: "ih", deduction: "ih or iw must be given, or oh from which it follows")
    }
    try checkAxes(input, kernel, stride, dilation, output, given)
    let vertical = AxisPadding(
      input: input.height, kernel: kernel.height, stride: stride.height, dilation: dilation.height,
      output: output?.height, given: given?.height)
    let horizontal = AxisPadding(
      input: input.width, kernel: kernel.width, stride: stride.width, dilation: dilation.width,
      output: output?.width, given: given?.width)
    let problem = try ConvolutionProblem(
      groups: values["g"] ?? 1, batch: values["mb"] ?? 1, inChannels: inChannels,
      outChannels: outChannels, input: input, kernel: kernel, stride: stride,
      padding: Padding(
        top: vertical.before, left: horizontal.before, bottom: vertical.after,
        right: horizontal.after),
      dilation: dilation)
    try checkOutput(problem, against: output)
    return problem
  }

  private func deducedInput(
    _ output: Extent?, _ kernel: Extent, _ stride: Extent, _ dilation: Extent, _ given: Extent?
  ) -> Extent? {
    guard let output else { return nil }
    let pad = given ?? Extent(0, 0)
    func axis(_ output: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ pad: Int) -> Int {
      (output &- 1) &* stride &+ (kernel &- 1) &* dilation &+ 1 &- 2 &* pad
    }
    return Extent(
      axis(output.height, kernel.height, stride.height, dilation.height, pad.height),
      axis(output.width, kernel.width, stride.width, dilation.width, pad.width))
  }

  /// Refuses sizes with which the deduction of padding would overflow or divide by zero.
  private func checkAxes(
    _ input: Extent, _ kernel: Extent, _ stride: Extent, _ dilation: Extent, _ output: Extent?,
    _ given: Extent?
  ) throws(ProblemError) {
    let sizes: [(String, Extent?, Int)] = [
      ("ih/iw", input, 1), ("kh/kw", kernel, 1), ("sh/sw", stride, 1), ("dh/dw + 1", dilation, 1),
      ("oh/ow", output, 1), ("ph/pw", given, 0),
    ]
    for (key, size, least) in sizes {
      guard let size else { continue }
      for value in [size.height, size.width]
      where value < least || value > ConvolutionProblem.largestAxis {
        throw .sizeOutOfRange(
          key: key, value: value, accepted: least...ConvolutionProblem.largestAxis)
      }
    }
  }

  private func checkOutput(
    _ problem: ConvolutionProblem, against output: Extent?
  ) throws(ProblemError) {
    guard let output else { return }
    if output.height != problem.output.height {
      throw .inconsistentOutput(
        key: "oh", value: output.height, computed: problem.output.height)
    }
    if output.width != problem.output.width {
      throw .inconsistentOutput(key: "ow", value: output.width, computed: problem.output.width)
    }
  }
}

/// Padding before and after one axis, deduced as benchdnn does.
///
/// The given value is what stands before the axis; what stands after follows from the output
/// size. Where neither is given, there is none; where only the output is given, half of what it
/// needs stands before.
private struct AxisPadding {
  var before: Int
  var after: Int

  init(input: Int, kernel: Int, stride: Int, dilation: Int, output: Int?, given: Int?) {
    let covered = dilation * (kernel - 1) + 1
    guard let output else {
      before = given ?? 0
      after = before
      return
    }
    let total = (output - 1) * stride + covered - input
    before = given ?? max(0, total) / 2
    // A symmetric padding that gives this output is preferred to a smaller one on one side.
    let symmetric = (input + 2 * before - covered) / stride + 1 == output
    after = symmetric && input + 2 * before >= covered ? before : max(0, total - before)
  }
}
