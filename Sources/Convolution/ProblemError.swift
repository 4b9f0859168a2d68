// SPDX-License-Identifier: Apache-2.0

/// Why a convolution problem, or the text that describes it, is not valid.
public enum ProblemError: Error, Hashable, Sendable {
  /// A size is zero, negative or too large.
  case sizeOutOfRange(key: String, value: Int, accepted: ClosedRange<Int>)
  /// Channels that do not divide evenly into the groups.
  case channelsNotDivisible(key: String, value: Int, groups: Int)
  /// The dilated kernel does not fit into the padded input even once.
  case kernelLargerThanInput(kernel: Extent, paddedInput: Extent)
  /// A tensor has more elements than can be addressed sensibly.
  case tensorTooLarge(tensor: String, axes: [Int], accepted: Int)
  /// A problem has more multiply-accumulates than any run could measure.
  case tooMuchWork(outputs: Int, perOutput: Int, accepted: Int)
  /// A descriptor has text that is no `key` and number.
  case malformedDescriptor(text: String, column: Int, accepted: String)
  /// A number of a descriptor does not fit a machine integer.
  case numberOutOfRange(key: String, digits: String)
  /// A descriptor is of a data type that is not known.
  case unknownDataType(String)
  /// A descriptor has a name of so many characters.
  case longName(Int)
  /// A descriptor gives a key twice.
  case duplicateKey(key: String)
  /// A descriptor lacks a key that cannot be deduced.
  case missingKey(key: String, deduction: String)
  /// A descriptor gives output size and padding that contradict each other.
  case inconsistentOutput(key: String, value: Int, computed: Int)
  /// A window of a pooling has no element of the image.
  case emptyWindow(axis: String, output: Int)
  /// A descriptor is three-dimensional.
  case volumetric(key: String)
  /// The window of a pooling has other groups or output channels than the channels that it covers.
  case notOfWindow(key: String, value: Int)
  /// Layers one after the other depend on more of the input than can be counted.
  case receptiveFieldTooLarge(accepted: Int)
}

extension ProblemError: CustomStringConvertible {
  /// A sentence that names the key, its value and what is accepted.
  public var description: String {
    switch self {
    case .sizeOutOfRange(let key, let value, let accepted):
      "\(key) is \(value); accepted is \(accepted.lowerBound) to \(accepted.upperBound)"
    case .channelsNotDivisible(let key, let value, let groups):
      "\(key) is \(value), which \(groups) groups (g) do not divide; "
        + "accepted are multiples of \(groups)"
    case .kernelLargerThanInput(let kernel, let padded):
      "the kernel covers \(kernel.height)x\(kernel.width) (with dilation), more than the padded "
        + "input of \(padded.height)x\(padded.width); accepted is at most the padded input"
    case .tensorTooLarge(let tensor, let axes, let accepted):
      "the \(tensor) tensor \(axes.map(String.init).joined(separator: "x")) is too large; "
        + "accepted are at most \(accepted) elements"
    case .tooMuchWork(let outputs, let perOutput, let accepted):
      "the \(outputs) outputs take \(perOutput) multiply-accumulates each; "
        + "accepted are at most \(accepted) together"
    case .malformedDescriptor(let text, let column, let accepted):
      "column \(column): ‘\(text)’ is not understood; accepted is \(accepted)"
    case .numberOutOfRange(let key, let digits):
      "\(key) is \(digits), which no 64-bit integer holds; "
        + "accepted is at most \(ConvolutionProblem.largestAxis)"
    case .unknownDataType(let name):
      "the data type (--dt) is ‘\(name)’; accepted are \(DataType.accepted)"
    case .longName(let count):
      "the name (n) has \(count) characters; accepted are at most \(ProblemDescriptor.longestName)"
    case .duplicateKey(let key): "\(key) is given twice; accepted is once"
    case .missingKey(let key, let deduction): "\(key) is missing; \(deduction)"
    case .inconsistentOutput(let key, let value, let computed):
      "\(key) is \(value), but input, kernel, stride, dilation and padding give \(computed); "
        + "leave out \(key) or the padding to have it deduced"
    case .emptyWindow(let axis, let output):
      "the window of output \(axis) \(output) lies in the padding; accepted are windows with at "
        + "least one element of the image, of which there is a largest one and a mean"
    case .volumetric(let key): "\(key) is three-dimensional; accepted are two-dimensional problems"
    case .notOfWindow(let key, let value):
      "\(key) is \(value), but a pooling's window covers each channel by itself; accepted are "
        + ProblemDescriptor.windowKeys.joined(separator: " ")
    case .receptiveFieldTooLarge(let accepted):
      "the receptive field or its step is more than \(accepted) pixels wide; accepted are fewer "
        + "layers, smaller kernels or smaller strides (kh, kw, sh, sw)"
    }
  }
}
