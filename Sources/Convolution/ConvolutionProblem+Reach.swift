// SPDX-License-Identifier: Apache-2.0

extension ConvolutionProblem {
  /// Whether any tap of the output at `index` of `[N][Co][Ho][Wo]` lies on the image; the others see
  /// only padding and are zero, or the bias.
  public func reachesImage(output index: Int) -> Bool {
    Self.reaches(
      index / output.width % output.height, input: input.height, kernel: kernel.height,
      stride: stride.height, dilation: dilation.height, before: padding.top)
      && Self.reaches(
        index % output.width, input: input.width, kernel: kernel.width, stride: stride.width,
        dilation: dilation.width, before: padding.left)
  }

  /// The rows and columns of the output from the first to the last whose kernel extends over the
  /// image, with holes where that is dilated.
  public var outputsOverImage: (rows: Range<Int>, columns: Range<Int>) {
    (
      Self.over(
        input: input.height, covered: dilatedKernel.height, stride: stride.height,
        before: padding.top, output: output.height),
      Self.over(
        input: input.width, covered: dilatedKernel.width, stride: stride.width,
        before: padding.left, output: output.width)
    )
  }

  private static func reaches(
    _ place: Int, input: Int, kernel: Int, stride: Int, dilation: Int, before: Int
  ) -> Bool {
    // Tap i lies at p·s − before + i·d.
    let first = place * stride - before
    let firstTap = first >= 0 ? 0 : (-first + dilation - 1) / dilation
    return firstTap < kernel && first + firstTap * dilation < input
  }

  private static func over(
    input: Int, covered: Int, stride: Int, before: Int, output: Int
  ) -> Range<Int> {
    let first = max(0, (before - covered + stride) / stride)
    let last = min(output - 1, (before + input - 1) / stride)
    return first <= last ? first..<last + 1 : 0..<0
  }
}

extension ConvolutionProblem {
  /// Visits the taps of an output that lie inside the image: the tap's number, and the pixel that
  /// it reads.
  func forEachTap(row: Int, column: Int, _ visit: (_ tap: Int, _ pixel: Int) -> Void) {
    for tapRow in 0..<kernel.height {
      let y = row * stride.height + tapRow * dilation.height - padding.top
      guard y >= 0, y < input.height else { continue }
      for tapColumn in 0..<kernel.width {
        let x = column * stride.width + tapColumn * dilation.width - padding.left
        guard x >= 0, x < input.width else { continue }
        visit(tapRow * kernel.width + tapColumn, y * input.width + x)
      }
    }
  }
}
