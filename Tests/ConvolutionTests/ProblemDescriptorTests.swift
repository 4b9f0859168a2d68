// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import TestSupport
import Testing

@Suite("Problem descriptors")
struct ProblemDescriptorTests {
  @Test("The fields mean what they mean in benchdnn")
  func fields() throws {
    let named = try ProblemDescriptor.parse(
      #"g32mb2ic128ih56iw40oc64oh28ow20kh3kw5sh2sw2ph1pw2dh1dw0n"resnext50:conv2*3""#)
    let problem = named.problem
    #expect(problem.groups == 32)
    #expect(problem.batch == 2)
    #expect(problem.inChannels == 128)
    #expect(problem.outChannels == 64)
    #expect(problem.input == Extent(56, 40))
    #expect(problem.output == Extent(28, 20))
    #expect(problem.kernel == Extent(3, 5))
    #expect(problem.stride == Extent(2, 2))
    #expect(problem.dilation == Extent(2, 1))
    // The bottom row of padding is the one that 28 rows of output need; two are before and after
    // the columns because that gives 20 columns as well.
    #expect(problem.padding == Padding(top: 1, left: 2, bottom: 2, right: 2))
    #expect(named.name == "resnext50:conv2")
    #expect(named.multiplicity == 3)
  }

  @Test(
    "What is left out is deduced",
    arguments: [
      // A missing width copies the height; the batch is 1.
      ("ic8ih9oc8kh3ph1", "g1mb1ic8ih9iw9oc8oh9ow9kh3kw3sh1sw1ph1pw1dh0dw0"),
      ("g1_mb1_ic8ih9_oc8_kh3_ph1", "ic8ih9oc8kh3ph1"),
      // Padding from the output: half before, the rest after.
      ("ic8ih224oc8oh112kh3sh2", "ic8ih224oc8oh112kh3sh2ph0"),
      ("ic8ih9oc8oh9kh3", "ic8ih9oc8kh3ph1"),
      ("ic8ih9oc8oh9kh3dh1", "ic8ih9oc8kh3ph2dh1"),
      // Input from output.
      ("ic8oc8oh4kh3sh2ph1", "ic8ih7oc8kh3sh2ph1"),
      ("ic8oc8oh4kh3", "ic8ih6oc8kh3"),
      // Widths alone are one-dimensional.
      ("ic8iw100oc8kw3pw1", "ic8ih1iw100oc8kh1kw3ph0pw1"),
      ("ic8iw100oc8ow49kw3sw2dw0", "ic8ih1iw100oc8kh1kw3sh1sw2"),
      // With iw and kw the width is described by itself; what is missing is at its default.
      ("ic8ih15oc8oh7kh6sh2ph3iw10ow10kw3", "ic8ih15iw10oc8oh7ow10kh6kw3sh2sw1ph3pw1"),
      ("ic8ih9iw9oc8kh3kw3sh2ph1dh1", "ic8ih9iw9oc8kh3kw3sh2sw1ph1pw0dh1dw0"),
      ("ic8iw9oc8kw3sh1ph0dh0", "ic8ih1iw9oc8kh1kw3"),
      // A depth of one is none.
      ("ic8id1ih9oc8od1kd1kh3pd0ph1sd2dd3", "ic8ih9oc8kh3ph1"),
      // The padding after the image is as it is given.
      ("ic8ih8oc8kh3sh2ph1rh0", "ic8ih8iw8oc8oh4ow4kh3kw3sh2sw2ph1pw1rh0rw0"),
      ("ic8ih7oc8oh7kh3rh2", "ic8ih7oc8kh3ph0rh2"), ("ic8oc8oh7kh3ph0rh2", "ic8ih7oc8kh3rh2"),
      // The output of an image that is not square follows from its own width.
      ("ic8ih8iw16oc8oh4kh3sh2ph1", "ic8ih8iw16oc8oh4ow8kh3sh2ph1"),
    ])
  func deductions(short: String, long: String) throws {
    let (short, long) = (try ProblemDescriptor.parse(short), try ProblemDescriptor.parse(long))
    #expect(short.problem == long.problem)
  }

  @Test(
    "Printing gives the shortest form",
    arguments: [
      ("g1mb1ic8ih9iw9oc8oh9ow9kh3kw3sh1sw1ph1pw1dh0dw0", "ic8ih9oc8kh3ph1"),
      ("mb2ic8ih9oc8kh1sh2", "mb2ic8ih9oc8kh1sh2"),
      ("ic8ih1iw100oc8kh1kw3ph0pw1", "ic8ih1iw100oc8kh1kw3ph0pw1"),
      ("ic8ih224oc8oh112kh3sh2", "ic8ih224oc8oh112kh3sh2ph0"),
      ("ic8ih8oc8oh4kh3sh2ph1rh0", "ic8ih8oc8kh3sh2ph1rh0"),
      ("ic8ih7oc8oh7kh3ph0rh2", "ic8ih7oc8oh7kh3ph0"), ("ic8ih7oc8kh3ph1rh1", "ic8ih7oc8kh3ph1"),
      ("ic8ih7iw8oc8kh3kw3sh2sw2ph1pw1rh1rw0", "ic8ih7iw8oc8kh3kw3sh2sw2ph1pw1rh1rw0"),
      ("ic8ih9oc8kh3ph1nconv2*3", #"ic8ih9oc8kh3ph1n"conv2*3""#),
      (#"ic8ih9oc8kh3n"*3""#, #"ic8ih9oc8kh3n"*3""#),
      (#"ic8ih9oc8kh3n"""#, "ic8ih9oc8kh3"),
    ])
  func printing(text: String, printed: String) throws {
    #expect(ProblemDescriptor.print(try ProblemDescriptor.parse(text)) == printed)
  }

  @Test(
    "A data type stands in front, of all tensors or of each",
    arguments: [
      ("--dt=bf16 ic8ih9oc8kh3", "--dt=bf16 ic8ih9oc8kh3"),
      (#"--dt=bf16:bf16:bf16  ic8ih9oc8kh3n"a b""#, #"--dt=bf16 ic8ih9oc8kh3n"a b""#),
      ("--dt=f32 ic8ih9oc8kh3", "ic8ih9oc8kh3"),
      ("--dt=u8:s8:u8 ic8ih9oc8kh3", "--dt=u8:s8:u8 ic8ih9oc8kh3"),
      ("--dt=u8:s8:s32 ic8ih9oc8kh3", "--dt=u8:s8:s32 ic8ih9oc8kh3"),
    ])
  func dataTypes(text: String, printed: String) throws {
    let named = try ProblemDescriptor.parse(text)
    #expect(ProblemDescriptor.print(named) == printed)
    #expect(try ProblemDescriptor.parse(printed) == named)
  }

  @Test(
    "A data type that is not known is named",
    arguments: ["f16", "bf16:f32", "bf16:bf16:f16", "u8:s8", ""])
  func unknownDataTypes(name: String) throws {
    let error = #expect(throws: ProblemError.self) {
      _ = try ProblemDescriptor.parse("--dt=\(name) ic8ih9oc8kh3")
    }
    #expect(
      error?.description == "the data type (--dt) is ‘\(name)’; accepted are f32, bf16, u8:s8:u8, "
        + "u8:s8:s32, u8:s8:f32, bf16:bf16:f32")
  }

  @Test("A printed problem is read back as it was, whatever its padding")
  func roundTrip() throws {
    for seed in UInt64(0)..<2000 {
      var generator = SeededGenerator(seed: seed)
      let problem = try generator.problem(of: DataType.allCases)
      let text = ProblemDescriptor.print(problem)
      let read = try ProblemDescriptor.parse(text).problem
      #expect(read == problem, "seed \(seed): \(text)")
    }
  }

  @Test(
    "A name survives printing, even one that ends like a multiplicity",
    arguments: [
      (nil, 1), (nil, 4), ("conv", 1), ("conv", 4), ("conv*5", 1), ("conv*5", 2), ("a*b", 1),
      ("a*", 1), ("a*+5", 1), ("with \"quotes\"", 2), ("*", 1), ("ünïcode", 3), ("a b", 1),
    ] as [(String?, Int)])
  func names(name: String?, multiplicity: Int) throws {
    let problem = try ProblemDescriptor.parse("ic8ih9oc8kh3").problem
    let named = NamedProblem(problem, name: name, multiplicity: multiplicity)
    #expect(try ProblemDescriptor.parse(ProblemDescriptor.print(named)) == named)
  }

  @Test("is what a problem is stored as, and reads back as the same problem")
  func coding() throws {
    var generator = SeededGenerator(seed: 11)
    let problems = try (0..<500).map { _ in try generator.problem(of: DataType.allCases) }
    let data = try JSONEncoder().encode(problems)
    #expect(try JSONDecoder().decode([ConvolutionProblem].self, from: data) == problems)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([ConvolutionProblem].self, from: Data(#"["ic8ih4oc8kh9"]"#.utf8))
    }
    #expect("\(try #require(error))".contains("kernel"))
  }
}
