// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("Logs of ONEDNN_VERBOSE")
struct VerboseLogTests {
  private func read(_ text: String) throws -> Suites.Suite {
    try VerboseLog.suite(parsing: text, file: "log", name: "log")
  }

  private static let tensors = "src_f32::blocked:abcd:f0 wei_f32::blocked:abcd:f0"
  private static let problem = "mb1_ic3oc64_ih224oh112kh7sh2dh0ph3_iw224ow112kw7sw2dw0pw3"

  @Test(
    "The formats of all versions are read",
    arguments: [
      "dnnl_verbose,exec,cpu,convolution,jit:avx2,forward_inference,\(tensors) bia_undef::undef::f0 dst_f32::blocked:abcd:f0,,alg:convolution_direct,\(problem),0.25",
      "dnnl_verbose,exec,cpu,convolution,jit:avx2,forward_training,\(tensors) bia_undef::undef::f0 dst_f32::blocked:abcd:f0,scratchpad_mode:user;,alg:convolution_direct,\(problem)",
      "onednn_verbose,exec,cpu,convolution,brgconv:avx512_core,forward_inference,\(tensors) bia_undef::undef::f0 dst_f32::blocked:abcd:f0,,alg:convolution_direct,\(problem),1.5",
      "onednn_verbose,1693533460193.346924,exec,cpu,convolution,jit,forward_inference,\(tensors) bia_undef::undef::f0 dst_f32::blocked:abcd:f0,,alg:convolution_auto,\(problem),1.5",
      "onednn_verbose,primitive,exec,cpu,convolution,jit,forward_inference,src_f32::blocked:acdb::f0 wei_f32:a:blocked:Acdb64a::f0 bia_undef::undef::: dst_f32::blocked:acdb::f0,attr-scratchpad:user ,alg:convolution_direct,\(problem),1.5",
      "onednn_verbose,v1,primitive,exec,cpu,convolution,jit,forward_inference,src:f32::blocked:acdb::f0 wei:f32:a:blocked:Acdb64a::f0 bia:undef::undef::: dst:f32::blocked:acdb::f0,attr-scratchpad:user,alg:convolution_direct,\(problem),1.5",
      "[2024-01-01 12:00] INFO onednn_verbose,exec,cpu,convolution,jit,forward_inference,\(tensors) dst_f32::blocked:abcd:f0,,alg:convolution_direct,\(problem),1.5",
    ])
  func formats(line: String) throws {
    let suite = try read(line)
    #expect(suite.cases.map(\.name) == ["ic3ih224oc64kh7sh2ph3"])
    #expect(suite.cases[0].epilogue == Epilogue())
    #expect(suite.notes.isEmpty)
  }

  private func line(
    _ problem: String, direction: String = "forward_inference",
    types: [String] = ["f32", "f32", "f32"],
    bias: String = "undef", attributes: String = ""
  ) -> String {
    "onednn_verbose,primitive,exec,cpu,convolution,jit,\(direction),src_\(types[0])::blocked:a::f0 "
      + "wei_\(types[1])::blocked:a::f0 bia_\(bias)::undef::f0 dst_\(types[2])::blocked:a::f0,"
      + "attr-scratchpad:user \(attributes),alg:convolution_direct,\(problem),0.1"
  }

  @Test("How often a convolution ran is its multiplicity")
  func multiplicity() throws {
    let depthwise = "g32mb1_ic32oc32_ih112oh112kh3sh1dh0ph1_iw112ow112kw3sw1dw0pw1"
    let suite = try read(
      [Self.problem, depthwise, Self.problem, Self.problem].map { line($0) }
        .joined(separator: "\n"))
    #expect(suite.cases.map(\.name) == ["ic3ih224oc64kh7sh2ph3", "g32ic32ih112oc32kh3ph1"])
    #expect(suite.cases.map(\.multiplicity) == [3, 1])
    #expect(suite.cases.map(\.steps[0].multiplicity) == [3, 1])
  }

  @Test(
    "Bias and ReLU are kept, other post-operations noted",
    arguments: [
      ("f32", "", "bias", []), ("f32", "attr-post-ops:eltwise_relu ", "bias+relu", []),
      ("undef", "attr-post-ops:eltwise_relu:0:0", "relu", []),
      ("undef", "post_ops:'eltwise_relu;';", "relu", []),
      ("undef", "attr-post-ops:sum+eltwise_relu", "relu", ["sum"]),
      ("undef", "attr-post-ops:eltwise_relu:0.1", "none", ["eltwise_relu:0.1"]),
      (
        "f32", "attr-post-ops:eltwise_swish:1+binary_add:f32:2", "bias",
        ["eltwise_swish:1", "binary_add:f32:2"]
      ),
    ])
  func epilogues(bias: String, attributes: String, epilogue: String, left: [String]) throws {
    let suite = try read(line(Self.problem, bias: bias, attributes: attributes))
    let suffix = epilogue == "none" ? "" : " \(epilogue)"
    #expect(suite.cases.map(\.name) == ["ic3ih224oc64kh7sh2ph3\(suffix)"])
    #expect(suite.cases[0].epilogue.hasBias == epilogue.contains("bias"))
    #expect(suite.cases[0].epilogue.hasReLU == epilogue.contains("relu"))
    #expect(
      suite.notes.map(\.description) == left.map { "log:1: the post-operation \($0) is left out" })
  }

  @Test("A convolution along one axis has height 1")
  func oneDimensional() throws {
    let suite = try read(line("mb1_ic64oc128_iw4098ow4096kw2sw1dw1pw0"))
    #expect(suite.cases.map(\.name) == ["ic64ih1iw4098oc128kh1kw2dh0dw1"])
  }

  @Test("What cannot be run is noted and counted")
  func leftOut() throws {
    let suite = try read(
      [
        "onednn_verbose,info,oneDNN v3.2.0", "unrelated line",
        line(Self.problem, direction: "backward_data"),
        line(Self.problem, direction: "backward_data"),
        line(Self.problem, types: ["u8", "s8", "f32"]),
        line("mb1_ic3oc64_id8od8kd3sd1dd0pd1_ih8oh8kh3sh1dh0ph1_iw8ow8kw3sw1dw0pw1"),
        "onednn_verbose,primitive,exec,cpu,reorder,simple,undef,src_f32 dst_f32,,,1x2,0.1",
        "onednn_verbose,primitive,exec,cpu,deconvolution,jit,forward_inference,\(Self.tensors),,alg:deconvolution_direct,\(Self.problem),0.1",
        "onednn_verbose,primitive,create,cpu,convolution,jit,forward_inference,,,,\(Self.problem),0.1",
        line("mb1_ic3oc64_ih224oh5kh7sh2dh0ph3_iw224ow112kw7sw2dw0pw3"),
        line(Self.problem),
      ].joined(separator: "\n"))
    #expect(suite.cases.map(\.multiplicity) == [1])
    #expect(
      suite.notes.prefix(5).map(\.description) == [
        "log:3: backward_data convolutions are left out (2 times)",
        "log:5: convolutions of u8, s8, f32 are left out; accepted is f32",
        "log:6: three-dimensional convolutions are left out",
        "log:7: executions of reorder are left out",
        "log:8: executions of deconvolution are left out",
      ])
    #expect(suite.notes.count == 6)
    #expect(suite.notes.last?.line == 10)
  }

  @Test("A log without a convolution that can be run is an error")
  func nothing() {
    let error = #expect(throws: SuiteError.self) {
      _ = try read(line(Self.problem, direction: "backward_weights"))
    }
    #expect(
      error?.description
        == "log: there is nothing to measure (backward_weights convolutions are left out); "
        + "accepted is lines of executed forward convolutions in 32-bit floats")
  }

  @Test("The kind of a file is told from its text")
  func kinds() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("hello\n\(line(Self.problem))", to: "log.txt")
    #expect(try Suite(readingFile: log).cases.map(\.name) == ["ic3ih224oc64kh7sh2ph3"])
    let batch = try folder.write("# a batch\nmb1ic8ih9oc8kh3", to: "batch.txt")
    #expect(try Suite(readingFile: batch).cases.map(\.name) == ["ic8ih9oc8kh3"])
    for start in ["", "// c\n", "/* c */", "\u{FEFF}\n"] {
      let suite = try folder.write("\(start){ title: 'T', cases: 'ic8ih9oc8kh1' }", to: "suite.txt")
      #expect(try Suite(readingFile: suite).title == "T")
    }
  }
}
