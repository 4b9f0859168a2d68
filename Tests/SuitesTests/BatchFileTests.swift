// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("benchdnn batch files")
struct BatchFileTests {
  private func read(_ text: String) throws -> Suites.Suite {
    try BatchFile.suite(parsing: text, file: "dir/shapes", name: "shapes")
  }

  @Test("Descriptors become cases; options and comments do not")
  func problems() throws {
    let suite = try read(
      """
      # AlexNet
      --reset --dir=FWD_B
      mb2ic3ih227oc96oh55kh11sh4ph0n"alexnet:conv1"   # trailing
      g2mb2ic96ih27oc256oh27kh5ph2n"alexnet:conv2*3" mb2ic8ih9oc8kh3
      --reset
      """)
    #expect(suite.name == "shapes")
    #expect(suite.source == "dir/shapes")
    #expect(suite.cases.map(\.name) == ["alexnet:conv1", "alexnet:conv2", "mb2ic8ih9oc8kh3"])
    #expect(suite.cases.map(\.multiplicity) == [1, 3, 1])
    #expect(suite.cases[1].steps[0].problem.groups == 2)
    #expect(
      suite.notes.map(\.description) == [
        "dir/shapes:2: the option ‘--dir=FWD_B’ is skipped: problems run forward"
      ])
  }

  @Test("--mb replaces the batch of the problems after it, until --reset")
  func batches() throws {
    let suite = try read(
      """
      --mode=P --mb=1 --dir=FWD_I mb256ic64ih56oc64kh3ph1n"a"
      mb256ic64ih56oc64kh1n"b"
      --mb=16,32 mb256ic64ih28oc64kh3ph1n"c"
      --mb=0 mb256ic64ih28oc64kh1n"d"
      --mb=4 --reset mb8ic64ih14oc64kh1n"e"
      """)
    #expect(suite.cases.map(\.steps[0].problem.batch) == [1, 1, 16, 32, 256, 8])
    #expect(
      suite.cases.map(\.name) == ["a", "b", "c", "c mb32ic64ih28oc64kh3ph1", "d", "e"])
    #expect(
      suite.notes.map(\.description) == [
        "dir/shapes:1: the option ‘--mode=P’ is skipped: options of this program say how it measures, checks and reports",
        "dir/shapes:1: the option ‘--dir=FWD_I’ is skipped: problems run forward",
      ])
  }

  @Test("The batch that --mb gives is not said to be missing, and keeps to its own file")
  func batchOfFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "--mb=3 ic8ih9oc8kh3n\"a\"\n--batch=two ic8ih9oc8kh1n\"c\"", to: "one")
    _ = try folder.write("mb2ic8ih9oc8kh5n\"b\"", to: "two")
    let suite = try Suite(readingFile: path)
    #expect(suite.cases.map(\.name) == ["a", "b", "c"])
    #expect(suite.cases.map(\.steps[0].problem.batch) == [3, 2, 3])
    #expect(suite.notes.isEmpty)
  }

  @Test(
    "Options that change no problem are named with their line and a true reason",
    arguments: [
      (
        "--dt=f16",
        "accepted data types (--dt) are f32, bf16, u8:s8:u8, u8:s8:s32, u8:s8:f32, bf16:bf16:f32"
      ),
      ("--attr-post-ops=relu", "problems run without attributes"),
      ("--stag=axb", "each variant has a layout of its own"),
      ("--alg=WINO", "--kernels and --isa of this program choose what computes"),
      ("--match=.*kh3.*", "all problems are taken; --only of this program chooses among them"),
      ("-v5", "options of this program say how it measures, checks and reports"),
      ("--max-ms-per-prb=3", "options of this program say how it measures, checks and reports"),
      ("--g=4", "it is no option that is known here, and the problems are as they are written"),
    ])
  func skippedOptions(option: String, reason: String) throws {
    let suite = try read("mb1ic8ih9oc8kh3\n\(option) mb1ic8ih9oc8kh1")
    #expect(suite.cases.count == 2)
    #expect(
      suite.notes.map(\.description) == [
        "dir/shapes:2: the option ‘\(option)’ is skipped: \(reason)"
      ])
  }

  @Test("A data type holds until the next one, several run each problem in each")
  func dataTypes() throws {
    let problem = "mb1ic8ih9oc8kh3"
    let suite = try read(
      """
      --dt=bf16 \(problem)n"named"
      --dt=f32,bf16:bf16:bf16 \(problem)
      --reset \(problem)n"plain"
      """)
    #expect(suite.notes.isEmpty)
    #expect(
      suite.cases.map(\.name) == [
        "named bf16", "ic8ih9oc8kh3", "--dt=bf16 ic8ih9oc8kh3", "plain",
      ])
    #expect(suite.cases.map(\.dataType) == [.bf16, .f32, .bf16, .f32])
  }

  @Test("Problems of other drivers are refused, never taken for convolutions")
  func otherDrivers() {
    for driver in ["--deconv", "--matmul", "--ip", "--pool", "--rnn", "--brgemm"] {
      for start in ["  ", "./benchdnn ", "perf,cpu,jit,,", "0:PASSED __REPRO: "] {
        let text = "mb1ic8ih9oc8kh1\n\(start)\(driver) mb1ic8ih9oc8kh3"
        let error = #expect(throws: SuiteError.self) { _ = try read(text) }
        #expect(
          error?.description
            == "dir/shapes:2:\(start.count + 1): the driver \(driver) is not accepted; accepted is "
            + "--conv, whose problems are convolutions")
      }
    }
  }

  @Test("Pasted command lines are read as what they ask for, each by itself")
  func commandLines() throws {
    let suite = try read(
      """
      benchdnn --conv --mb=4 --dt=f32 g1mb64_ic64id1ih56iw56_oc128_kd1kh3kw3_sh1sw1_ph0pw0
      $ ./build/tests/benchdnn --conv \\
        --dir=FWD_D \\
        mb2ic8ih9oc8kh3n"second"
      OMP_NUM_THREADS=4 numactl -N 0 ./benchdnn --conv --reset mb2ic8ih9oc8kh1n"third" # run it
      """)
    #expect(suite.cases.map(\.name) == ["mb4ic64ih56oc128kh3", "second", "third"])
    #expect(suite.cases.map(\.steps[0].problem.batch) == [4, 2, 2])
    #expect(
      suite.notes.map(\.line) == [3])
  }

  @Test("What benchdnn prints of a problem is read as the problem")
  func printedLines() throws {
    let suite = try read(
      """
      Output template: perf,%engine%,%impl%,%name%,%prb%,%Gops%,%Gfreq%,%-time%,%-Gflops%
      perf,cpu,brgconv:avx512_core,,--conv --mode=P --dir=FWD_I mb64ic64ih58oc512oh56kh3ph0,118.38,0,605.2
      perf,cpu,jit,"a, b",--mode=P --skip-impl=ref,gemm mb2ic8ih9oc8kh3n"x,y",0.1,0,6,1
      perf,cpu,jit,,mb2ic8ih9oc8kh5,0.1,0,6,1
      0:PASSED (3 ms) __REPRO: --conv --dir=FWD_I mb2ic8ih9oc8kh1n"passed"
      tests:1 passed:1 skipped:0 mistrusted:0 unimplemented:0 failed:0 listed:0
      total perf: min(ms):605.2 avg(ms):605.5
      total: 5.09s; fill: 0.32s (6%);
      """)
    #expect(
      suite.cases.map(\.name) == ["mb64ic64ih58oc512kh3", "x,y", "mb2ic8ih9oc8kh5", "passed"])
    #expect(Set(suite.notes.map(\.line)) == [2, 3])
    #expect(throws: SuiteError.self) { _ = try read("perf,cpu,jit,,--matmul 8x8:8x8,0.1") }
    let error = #expect(throws: SuiteError.self) { _ = try read("\nperf,cpu,0.1") }
    #expect(error?.description.hasPrefix("dir/shapes:2:1: perf,cpu,0.1: ") == true)
  }

  @Test("A byte order mark and lines that end as on Windows are read")
  func byteOrderMark() throws {
    let suite = try read("\u{FEFF}mb1ic16ih14oc16kh3ph1n\"a\"\r\nmb1ic16ih14oc32kh3ph1n\"b\"\r\n")
    #expect(suite.cases.map(\.name) == ["a", "b"])
    #expect(suite.notes.isEmpty)
  }

  @Test("Equal problems become one case, different ones of one name keep apart")
  func equalProblems() throws {
    let suite = try read(
      """
      mb1ic8ih9oc8kh3n"a"
      mb1ic8ih9oc8kh3n"a*2"
      mb1ic8ih9oc8kh1n"a"
      mb1ic8ih9oc8kh1n"a"
      """)
    #expect(suite.cases.map(\.name) == ["a", "a ic8ih9oc8kh1"])
    #expect(suite.cases.map(\.multiplicity) == [3, 2])
  }

  @Test("A missing batch is 1, and a note says that benchdnn's is 2")
  func batch() throws {
    let suite = try read("mb1ic8ih9oc8kh3\nic8ih9oc8kh1n\"mb\"\nic8ih9oc8kh5")
    #expect(suite.cases.map(\.steps[0].problem.batch) == [1, 1, 1])
    #expect(
      suite.notes.map(\.description) == [
        "dir/shapes:2: 2 problems give no batch (mb) and run with 1; benchdnn takes 2"
      ])
  }

  @Test("Words are joined at a backslash, and three-dimensional problems left out")
  func wordsAndVolumes() throws {
    let suite = try read("mb1ic8ih9\\\n   oc8 \\\n   kh3\nmb1ic8id9ih9oc8kd3kh3\r\nmb1ic8ih9oc8kh1")
    #expect(suite.cases.map(\.name) == ["ic8ih9oc8kh3", "ic8ih9oc8kh1"])
    #expect(
      suite.notes.map(\.description) == ["dir/shapes:4: three-dimensional problems are left out"])
  }

  @Test("A problem too large to run is left out, and the others run")
  func tooLarge() throws {
    let suite = try read("mb1ic1oc1iw4294967311kw3\nmb1ic1ih1048576oc1048576kh1\nmb1ic8ih9oc8kh1")
    #expect(suite.cases.map(\.name) == ["ic8ih9oc8kh1"])
    #expect(
      suite.notes.map(\.text) == [
        "problems too large to run are left out, as mb1ic1oc1iw4294967311kw3",
        "problems too large to run are left out, as mb1ic1ih1048576oc1048576kh1",
      ])
  }

  @Test("Nested files are read from beside the file that names them, each once")
  func nested() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "--batch=sub/one\nmb1ic8ih9oc8kh1n\"last\"", to: "all")
    _ = try folder.write("mb1ic8ih9oc8kh3n\"one\"\n--batch=two\n--batch=../all", to: "sub/one")
    _ = try folder.write("mb1ic8ih9oc8kh5n\"two\"", to: "sub/two")
    let suite = try Suite(readingFile: path)
    #expect(suite.cases.map(\.name) == ["one", "two", "last"])
    #expect(
      suite.notes.map(\.description) == [
        "\(folder.path)/sub/one:3: a batch file that is named again is skipped"
      ])
  }

  @Test(
    "What is no descriptor is an error with its place",
    arguments: [
      (
        "# one\n  mb1ic8ih9oc8kh3 ic9g2ih9oc8kh3",
        "dir/shapes:2:19: ic9g2ih9oc8kh3: input channels (ic) is 9, which 2 groups (g) do not divide; accepted are multiples of 2"
      ),
      (
        "ic8ih9oc8kx3",
        "dir/shapes:1:1: ic8ih9oc8kx3: column 10: ‘kx3’ is not understood; accepted is a key of g mb ic ih iw oc oh ow kh kw sh sw ph pw dh dw with a number, or n\"name\" at the end"
      ),
      (
        "# nothing\n--dir=FWD_I",
        "dir/shapes: there is nothing to measure (the option ‘--dir=FWD_I’ is skipped: problems run "
          + "forward); accepted is problem descriptors, one a line"
      ),
      (
        "ic8ih9oc8kh3\n --batch=none",
        "dir/shapes:2:2: ‘--batch=none’ is not accepted; accepted is --batch=FILE with a file that can be read; dir/none: there is no such file"
      ),
      (
        "--mb=two ic8ih9oc8kh3",
        "dir/shapes:1:1: ‘--mb=two’ is not accepted; accepted is --mb=N or --mb=N,M with whole numbers, of which 0 is each problem's own"
      ),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: SuiteError.self) { _ = try read(text) }
    #expect(error?.description == message)
  }
}
