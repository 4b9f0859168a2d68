// SPDX-License-Identifier: Apache-2.0

import Convolution
import Testing

@Suite("What is no problem")
struct ProblemErrorTests {
  private static let keys = "g mb ic ih iw oc oh ow kh kw sh sw ph pw dh dw"

  @Test(
    "A descriptor that is not accepted is refused with key, value and what is accepted",
    arguments: [
      (
        "g3ic8ih9oc9kh3",
        "input channels (ic) is 8, which 3 groups (g) do not divide; accepted are multiples of 3"
      ),
      (
        "g3ic9ih9oc8kh3",
        "output channels (oc) is 8, which 3 groups (g) do not divide; accepted are multiples of 3"
      ),
      (
        "ic8ih4oc8kh7ph1",
        "the kernel covers 7x7 (with dilation), more than the padded input of 6x6; accepted is at most the padded input"
      ),
      (
        "ic8ih4oc8kh3dh3",
        "the kernel covers 9x9 (with dilation), more than the padded input of 4x4; accepted is at most the padded input"
      ),
      ("ic0ih9oc8kh3", "input channels (ic) is 0; accepted is 1 to 268435456"),
      ("ic8ih9oc-8kh3", "output channels (oc) is -8; accepted is 1 to 268435456"),
      ("g0ic8ih9oc8kh3", "groups (g) is 0; accepted is 1 to 268435456"),
      ("mb0ic8ih9oc8kh3", "batch (mb) is 0; accepted is 1 to 268435456"),
      ("ic8ih0oc8kh3", "ih is 0; accepted is 1 to 268435456"),
      ("ic8ih9iw-1oc8kh3", "iw is -1; accepted is 1 to 268435456"),
      ("ic8ih9oc8kh0", "kh is 0; accepted is 1 to 268435456"),
      ("ic8ih9oc8kh3sh0", "sh is 0; accepted is 1 to 268435456"),
      ("ic8ih9oc8kh3ph-1", "ph is -1; accepted is 0 to 268435456"),
      ("ic8ih9oc8kh3dh-1", "dh is -1; accepted is 0 to 268435455"),
      ("ic8ih9oc8oh0kh3", "oh is 0; accepted is 1 to 268435456"),
      ("ic8ih999999999oc8kh3", "ih is 999999999; accepted is 1 to 268435456"),
      (
        "mb16777216ic16777216ih9oc8kh3",
        "the input tensor 16777216x16777216x9x9 is too large; accepted are at most 1099511627776 elements"
      ),
      (
        "ic16777216ih3oc16777216kh3",
        "the filter tensor 16777216x16777216x3x3 is too large; accepted are at most 1099511627776 elements"
      ),
      (
        "mb2097152ic1ih3oc1048576kh3",
        "the output tensor 2097152x1048576x1x1 is too large; accepted are at most 1099511627776 elements"
      ),
      (
        "ic99999999999999999999ih9oc8kh3",
        "ic is 99999999999999999999, which no 64-bit integer holds; accepted is at most 268435456"
      ),
      (
        "ic65536ih4096oc65536kh16",
        "the 1091473309696 outputs take 16777216 multiply-accumulates each; accepted are at most 1125899906842624 together"
      ),
      ("ic8ih9oc8kh3ic8", "ic is given twice; accepted is once"),
      ("ih9oc8kh3", "ic is missing; it cannot be deduced"),
      ("ic8ih9kh3", "oc is missing; it cannot be deduced"),
      ("ic8ih9oc8", "kh is missing; it cannot be deduced"),
      ("ic8iw9oc8", "kw is missing; it cannot be deduced"),
      ("ic8oc8kh3", "ih is missing; it must be given, or oh from which it follows"),
      ("ic8iw9oc8kh3kw3", "ih is missing; it must be given, or oh from which it follows"),
      (
        "ic8ih9oc8oh4kh3ph1",
        "oh is 4, but input, kernel, stride, dilation and padding give 8; leave out oh or the padding to have it deduced"
      ),
      (
        "ic8ih9oc8oh5ow3kh3",
        "oh is 5, but input, kernel, stride, dilation and padding give 7; leave out oh or the padding to have it deduced"
      ),
      (
        "ic8ih9oc8oh7ow3kh3",
        "ow is 3, but input, kernel, stride, dilation and padding give 7; leave out ow or the padding to have it deduced"
      ),
      ("ic8id9ih9oc8kd3kh3", "id is three-dimensional; accepted are two-dimensional problems"),
      ("", "ic is missing; it cannot be deduced"),
      (
        "ic8ih9 oc8kh3",
        "column 7: ‘ oc8kh3’ is not understood; accepted is a key of \(keys) with a number, or n\"name\" at the end"
      ),
      (
        "ic8ihoc8kh3",
        "column 4: ‘ihoc8kh3’ is not understood; accepted is a key of \(keys) with a number, or n\"name\" at the end"
      ),
      (
        "ic8ih-oc8kh3",
        "column 4: ‘ih-oc8kh3’ is not understood; accepted is a key of \(keys) with a number, or n\"name\" at the end"
      ),
      (
        "xc8ih9oc8kh3",
        "column 1: ‘xc8ih9oc8kh3’ is not understood; accepted is a key of \(keys) with a number, or n\"name\" at the end"
      ),
      (
        "ic8ih9oc8kh3n\"conv",
        "column 14: ‘\"conv’ is not understood; accepted is n\"name\" at the end"
      ),
      ("ic8ih9oc8kh3n\"conv*0\"", "multiplicity (*) is 0; accepted is 1 to 268435456"),
      (
        "ic8ih9oc8kh3nconv*99999999999999999999",
        "multiplicity (*) is 99999999999999999999, which no 64-bit integer holds; accepted is at most 268435456"
      ),
    ])
  func refusals(text: String, message: String) {
    let error = #expect(throws: ProblemError.self) { _ = try ProblemDescriptor.parse(text) }
    #expect(error?.description == message)
  }

  @Test(
    "Every size of a problem made in code is checked",
    arguments: [
      ("input height (ih)", 0), ("input width (iw)", 1), ("kernel height (kh)", 2),
      ("kernel width (kw)", 3), ("stride height (sh)", 4), ("stride width (sw)", 5),
      ("dilation height (dh + 1)", 6), ("dilation width (dw + 1)", 7), ("top padding (ph)", 8),
      ("left padding (pw)", 9), ("bottom padding (ph)", 10), ("right padding (pw)", 11),
    ])
  func sizes(key: String, place: Int) {
    var sizes = [4, 4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]
    sizes[place] = -1
    let error = #expect(throws: ProblemError.self) {
      _ = try ConvolutionProblem(
        inChannels: 1, outChannels: 1, input: Extent(sizes[0], sizes[1]),
        kernel: Extent(sizes[2], sizes[3]), stride: Extent(sizes[4], sizes[5]),
        padding: Padding(top: sizes[8], left: sizes[9], bottom: sizes[10], right: sizes[11]),
        dilation: Extent(sizes[6], sizes[7]))
    }
    let largest = ConvolutionProblem.largestAxis
    let accepted = place < 8 ? 1...largest : 0...largest
    #expect(error == .sizeOutOfRange(key: key, value: -1, accepted: accepted))
  }
}
