// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
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

  @Test("Convolutions of another data type are cases of their own")
  func dataTypes() throws {
    let suite = try read(
      [
        line(Self.problem), line(Self.problem, types: ["bf16", "bf16", "bf16"]),
        line(Self.problem, types: ["u8", "s8", "u8"]),
        line(Self.problem, types: ["u8", "s8", "s32"]),
      ].joined(separator: "\n"))
    #expect(suite.cases.map(\.dataType) == [.f32, .bf16, .u8s8, .u8s8s32])
    #expect(suite.cases.map(\.multiplicity) == [1, 1, 1, 1])
    #expect(suite.notes.isEmpty)
  }

  @Test("What cannot be run is noted and counted")
  func leftOut() throws {
    let suite = try read(
      [
        "onednn_verbose,info,oneDNN v3.2.0", "unrelated line",
        line(Self.problem, direction: "backward_data"),
        line(Self.problem, direction: "backward_data"),
        line(Self.problem, types: ["s8", "s8", "f32"]),
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
        "log:5: convolutions of s8, s8, f32 are left out; accepted are f32, bf16, u8:s8:u8, "
          + "u8:s8:s32, u8:s8:f32, bf16:bf16:f32",
        "log:6: three-dimensional convolutions are left out",
        "log:7: executions of reorder are left out",
        "log:8: executions of deconvolution are left out",
      ])
    #expect(suite.notes.count == 6)
    #expect(suite.notes.last?.line == 10)
  }

  @Test(
    "A line that is cut is named, and becomes no other convolution",
    arguments: [
      // Inside the problem, at each of its keys and inside a number.
      "mb1_ic64oc64_ih56oh56kh3sh1dh0ph1_iw5",
      "mb1_ic64oc64_ih56oh56kh3sh1dh0ph1_iw56ow56kw3sw1dw0p",
      "mb1_ic64oc64_ih56oh56kh3sh1dh0ph1_iw56ow56kw3", "mb1_ic64oc64_ih56oh56kh3",
      "mb1_ic64oc64_ih56oh56kh3sh1dh0p", "mb1_ic64oc64_", "mb1_ic64oc6",
      "mb1_ic64oc64_ih56oh56kh25sh1dh0ph12_iw56ow56kw25sw1dw0pw1",
    ])
  func cutProblems(problem: String) throws {
    for end in ["", ","] {
      let cut = line(problem).dropLast(",0.1".count) + end
      let suite = try read("\(cut)\n6ow56kw3sw1dw0pw1,1.5\n\(line(Self.problem))")
      #expect(suite.cases.map(\.name) == ["ic3ih224oc64kh7sh2ph3"])
      #expect(suite.cases.map(\.multiplicity) == [1])
      #expect(
        suite.notes.map(\.description) == [
          "log:1: a line that is cut inside its problem is left out"
        ])
    }
  }

  @Test("A line that another line breaks into is named, and the other is read")
  func brokenLines() throws {
    let whole = line(Self.problem)
    for length in [20, 60, whole.count - 30] {
      let suite = try read("\(whole.prefix(length))\(whole)")
      #expect(suite.cases.map(\.multiplicity) == [1])
      #expect(suite.notes.count == (length == 20 ? 0 : 1))
    }
    #expect(try read("onednn_verbose,primitive,exec,cpu\n\(whole)").notes.map(\.line) == [1])
  }

  @Test("A fused depthwise convolution is named with what follows it, and the 1x1 is kept")
  func fusedDepthwise() throws {
    let fused =
      "onednn_verbose,v1,primitive,exec,cpu,convolution,jit_1x1:avx2,forward_inference,"
      + "src_f32::blocked:aBcd8b::f0 wei_f32::blocked:ABcd8b8a::f0 bia_f32::blocked:a::f0 "
      + "src_fused_f32::blocked:aBcd8b::f0 wei_fused_f32::blocked:Abcde8a::f0 "
      + "bia_fused_f32::blocked:a::f0 dst_f32::blocked:aBcd8b::f0,attr-scratchpad:user "
      + "attr-post-ops:eltwise_relu+dw:k3s2p1+eltwise_tanh,alg:convolution_direct,"
      + "mb1_ic32oc96_ih56oh56kh1sh1dh0ph0_iw56ow56kw1sw1dw0pw0,0.3"
    let suite = try read(fused)
    #expect(suite.cases.map(\.name) == ["ic32ih56oc96kh1 bias+relu"])
    #expect(
      suite.notes.map(\.description) == [
        "log:1: the post-operation dw:k3s2p1+eltwise_tanh is left out"
      ])
    let without = try read(fused.replacingOccurrences(of: "eltwise_relu+dw", with: "dw"))
    #expect(without.cases.map(\.name) == ["ic32ih56oc96kh1 bias"])
  }

  @Test(
    "Logs that do not say what was run are refused with the reason",
    arguments: [
      (
        "mkldnn_verbose,info,Intel MKL-DNN v0.20.6\nmkldnn_verbose,exec,convolution,jit:avx2,forward_inference,fsrc:nChw8c fwei:OIhw8i8o fbia:x fdst:nChw8c,alg:convolution_direct,mb1_ic144oc144_ih12oh12kh3sh1dh0ph1_iw12ow12kw3sw1dw0pw1,0.6",
        "lines of MKL-DNN 0.x are left out, because they do not say the types of tensors (2 times)"
      ),
      (
        "onednn_verbose,v1,graph,exec,cpu,4,convolution_post_ops,Convolution_1;ReLU_1,data:NCX,in0_f32:0:strided,fpm:strict,larger_partition_kernel_t,dnnl_backend,1.2",
        "executions of graph partitions are left out, because strides and padding are not there"
      ),
      (
        "onednn_verbose,v1,primitive,create:cache_miss,cpu,convolution,jit:avx2,forward_inference,\(tensors),,alg:convolution_direct,\(problem),0.51\nonednn_verbose,v1,primitive,exec:check,primitive,unused primitive execution argument (4113),src/y.cpp:74",
        "convolutions that are only created are left out, because how often they run is not there"
      ),
    ])
  func otherLogs(text: String, reason: String) throws {
    let error = #expect(throws: SuiteError.self) { _ = try read(text) }
    #expect(
      error?.description
        == "log: there is nothing to measure (\(reason)); accepted is lines of executed forward "
        + "convolutions of one data type, as oneDNN 1 to 3 write them with ONEDNN_VERBOSE=1")
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "log.txt")
    let same = #expect(throws: SuiteError.self) { _ = try Suite(readingFile: path) }
    #expect(same?.description.contains(reason) == true)
  }

  @Test("A log without a convolution that can be run is an error")
  func nothing() {
    let error = #expect(throws: SuiteError.self) {
      _ = try read(line(Self.problem, direction: "backward_weights"))
    }
    #expect(
      error?.description
        == "log: there is nothing to measure (backward_weights convolutions are left out); "
        + "accepted is lines of executed forward convolutions of one data type, as oneDNN 1 to 3 "
        + "write them with ONEDNN_VERBOSE=1")
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
