// SPDX-License-Identifier: Apache-2.0

/// A number of a tensor as references, libraries and files are given it, whatever its element type; a float
/// of 32 bits, which holds those of every type but integers of 32 bits beyond 2²⁴.
public typealias TensorValue = Float

/// The numbers of a tensor, plain `[N][C][H][W]`, or of a filter or bias.
public typealias TensorValues = [TensorValue]

/// How one number of a tensor is stored.
public enum ElementType: String, Codable, Hashable, Sendable {
  /// A 32-bit float.
  case f32
  /// The upper half of a 32-bit float: its sign, its exponent and 8 significant bits.
  case bf16
  /// An integer from 0 to 255.
  case u8
  /// An integer from −128 to 127.
  case s8
  /// An integer of 32 bits. Beyond 2²⁴ the nearest float stands for its value, but where results are compared.
  case s32

  /// Bytes of an element.
  public var bytes: Int {
    switch self {
    case .f32, .s32: 4
    case .bf16: 2
    case .u8, .s8: 1
    }
  }

  /// The nearest value that an element holds, of two equally near ones the even one.
  ///
  /// Integers end where the type does; NaN becomes their largest.
  public func nearest(_ value: TensorValue) -> TensorValue {
    switch self {
    case .f32: value
    case .bf16: BFloat16(value).value
    case .u8: Self.integer(value, from: 0, to: 255)
    case .s8: Self.integer(value, from: -128, to: 127)
    case .s32: Self.integer(value, from: -0x1p31, to: (0x1p31 as TensorValue).nextDown)
    }
  }

  private static func integer(_ value: TensorValue, from least: TensorValue, to most: TensorValue)
    -> TensorValue
  {
    if value.isNaN { return most }
    return min(max(value, least), most).rounded(.toNearestOrEven)
  }
}

/// The element types of a convolution's tensors together, as `--dt` of benchdnn names them.
public enum DataType: String, CaseIterable, Codable, Hashable, Sendable {
  /// 32-bit floats.
  case f32
  /// Input, filter and output in bf16; bias and sums are 32-bit floats.
  case bf16
  /// Integers: an unsigned input, a signed filter, and an unsigned output made from 32-bit sums; see
  /// `Quantization`. A bias is added to the sums.
  case u8s8 = "u8:s8:u8"
  /// The same with the 32-bit sums themselves as output.
  case u8s8s32 = "u8:s8:s32"
  /// The same with the scaled sums as output, in 32-bit floats, not rounded.
  case u8s8f32 = "u8:s8:f32"
  /// Input and filter in bf16, the output in the 32-bit floats of the sums.
  case bf16f32 = "bf16:bf16:f32"

  /// The type that kernels multiply this one as; they differ in what becomes of sums.
  public var arithmetic: DataType {
    switch self {
    case .f32: .f32
    case .bf16, .bf16f32: .bf16
    case .u8s8, .u8s8s32, .u8s8f32: .u8s8
    }
  }

  /// The types that are multiplied as this one is.
  public var outputs: [DataType] { Self.allCases.filter { $0.arithmetic == self } }

  /// How the input is stored.
  public var input: ElementType {
    switch self {
    case .f32: .f32
    case .bf16, .bf16f32: .bf16
    case .u8s8, .u8s8s32, .u8s8f32: .u8
    }
  }

  /// How the filter is stored.
  public var filter: ElementType { arithmetic == .u8s8 ? .s8 : input }

  /// How the output is stored.
  public var output: ElementType {
    switch self {
    case .f32, .u8s8f32, .bf16f32: .f32
    case .bf16: .bf16
    case .u8s8: .u8
    case .u8s8s32: .s32
    }
  }

  /// Input channels whose products one lane of a dot product sums: as many elements as four bytes hold.
  public var quantum: Int { 4 / input.bytes }

  /// The type that an option of benchdnn names: of all tensors, or of input, filter and output.
  public init?(option: some StringProtocol) {
    let names = option.split(separator: ":", omittingEmptySubsequences: false)
    let isOne = names.count == 3 && names.allSatisfy { $0 == names[0] }
    self.init(rawValue: isOne ? String(names[0]) : String(option))
  }

  /// The names of all, for texts that say what is accepted.
  public static let accepted = allCases.map { $0.rawValue }.joined(separator: ", ")
}
