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
    let skipped = "is skipped: problems run forward in 32-bit floats"
    #expect(
      suite.notes.map(\.description) == [
        "dir/shapes:2: the option ‘--reset’ \(skipped) (2 times)",
        "dir/shapes:2: the option ‘--dir=FWD_B’ \(skipped)",
      ])
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
      "--batch=sub/one --batch=sub/none\nmb1ic8ih9oc8kh1n\"last\"", to: "all")
    _ = try folder.write("mb1ic8ih9oc8kh3n\"one\"\n--batch=two\n--batch=../all", to: "sub/one")
    _ = try folder.write("mb1ic8ih9oc8kh5n\"two\"", to: "sub/two")
    let suite = try Suite(readingFile: path)
    #expect(suite.cases.map(\.name) == ["one", "two", "last"])
    #expect(
      suite.notes.map(\.description) == [
        "\(folder.path)/sub/one:3: a batch file that is named again is skipped",
        "\(path):1: ‘sub/none’ is skipped: there is no such file",
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
        "# nothing\n--reset",
        "dir/shapes: there is nothing to measure (the option ‘--reset’ is skipped: problems run "
          + "forward in 32-bit floats); accepted is problem descriptors, one a line"
      ),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: SuiteError.self) { _ = try read(text) }
    #expect(error?.description == message)
  }
}
