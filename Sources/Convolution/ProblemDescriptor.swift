// SPDX-License-Identifier: Apache-2.0

/// The field's one-line notation of a convolution, as benchdnn reads it.
///
/// `g32mb1ic128ih56oc128kh3ph1n"resnext50:conv2*3"`: groups, batch, channels, sizes, kernel,
/// stride, padding, and dilation *minus one* (`dh0` is dense). A missing width copies the height;
/// where both `iw` and `kw` are given, the width is described by itself, and its missing stride,
/// padding and dilation are at their defaults. Widths without any height make a one-dimensional
/// problem, of height 1, and a depth of one (`id1kd1`) is ignored. A missing output or padding is deduced; `_` between fields is ignored;
/// `*3` at the end of the name is a multiplicity. The default batch is 1 (benchdnn: 2). `rh` and
/// `rw`, which benchdnn does not have, are the padding after the image where it does not follow.
/// `--dt=bf16` and a blank may stand before it all, as on benchdnn's command line.
/// - Source: oneDNN, tests/benchdnn, driver_conv.md and knobs_desc.md.
public enum ProblemDescriptor {
  /// Keys in the order in which a descriptor is printed.
  static let keys = [
    "g", "mb", "ic", "ih", "iw", "oc", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw",
  ]
  /// Keys of ours, for what the others cannot say: the padding after the image.
  static let afterKeys = ["rh", "rw"]
  /// Characters of a name as it is shown: in a cell of every row of a CSV, and in tables.
  public static let longestName = 1_024
  /// Keys of a pooling's window.
  static let windowKeys = ["kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw", "oh", "ow"]
  /// Keys of three-dimensional problems, each with the value that a depth of one gives it.
  ///
  /// Problems of another depth are refused; stride and dilation do not matter where there is only
  /// one position.
  static let depthKeys = ["id": 1, "od": 1, "kd": 1, "pd": 0, "sd": nil, "dd": nil]

  /// Reads a descriptor.
  /// - Throws: `ProblemError` naming the key, its value and what is accepted.
  public static func parse(_ text: String) throws(ProblemError) -> NamedProblem {
    let (dataType, rest) = try splitType(text)
    let fields = try DescriptorFields(rest)
    var problem = try fields.problem()
    problem.dataType = dataType
    return NamedProblem(problem, name: fields.name, multiplicity: fields.multiplicity)
  }

  /// What data types begin with in front of a descriptor.
  static let typeOption = "--dt="

  /// The data type in front of a descriptor, and the descriptor.
  private static func splitType(
    _ text: String
  ) throws(ProblemError) -> (type: DataType, rest: String) {
    guard text.hasPrefix(typeOption) else { return (.f32, text) }
    let name = text.dropFirst(typeOption.count).prefix { !$0.isWhitespace }
    guard let type = DataType(option: name) else { throw .unknownDataType(String(name)) }
    let rest = text.dropFirst(typeOption.count + name.count).drop { $0.isWhitespace }
    return (type, String(rest))
  }
}
