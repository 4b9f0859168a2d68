// SPDX-License-Identifier: Apache-2.0

extension BadInput {
  /// What is no suite.
  static let suites: [BadInput] = [
    Self(suite: "", "1:1"),
    Self(suite: "{", "1:2", "the end of the file"),
    Self(suite: "\u{FEFF}{", "the end of the file"),
    Self(suite: "null", "1:1", "null"),
    Self(suite: "nan", "1:1", "nan"),
    Self(suite: "{ title: 'T' } x", "1:16"),
    Self(suite: "{ title: 'T', cases: ['ic8ih9oc8kh3'", "1:37"),
    Self(suite: "{ title: \"T }", "1:10", "string without end"),
    Self(suite: "{ title: 'T', /* }", "1:15", "comment without end"),
    Self(suite: "{ title: 1e999, cases: 'ic8ih9oc8kh3' }", "1:10", "1e999"),
    Self(suite: "{ title: 01, cases: 'ic8ih9oc8kh3' }", "1:10", "01"),
    Self(suite: "{ title: '\\u12', cases: 'ic8ih9oc8kh3' }", "1:11", "hexadecimal"),
    Self(suite: "{ title: '\\ud800', cases: 'ic8ih9oc8kh3' }", "1:11", "surrogate"),
    Self(suite: String(repeating: "[", count: 100_000), "1:65", "64"),
    Self(suite: String(repeating: "{a:", count: 100_000), "64"),
    Self(suite: "{ cases: 'ic8ih9oc8kh3' }", "title"),
    Self(suite: "{ title: 'T' }", "nothing to measure"),
    Self(suite: "{ title: 'T', title: 'U', cases: 'ic8ih9oc8kh3' }", "title", "twice"),
    Self(suite: "{ title: 'T', caes: [] }", "caes", "cases"),
    Self(suite: "{ title: [], cases: 'ic8ih9oc8kh3' }", "title", "empty list"),
    Self(suite: "{ title: ' ', cases: 'ic8ih9oc8kh3' }", "title", "text in quotes"),
    Self(
      suite: "{ title: 'T', answer: '\(String(repeating: "x", count: 201))', "
        + "cases: 'ic8ih9oc8kh3' }", "answer", "201", "200"),
    Self(suite: "{ title: 'T', cases: 5 }", "cases", "5"),
    Self(suite: "{ title: 'T', cases: [null] }", "cases[0]", "null"),
    Self(suite: "{ title: 'T', cases: ['frob'] }", "cases[0]", "frob"),
    Self(suite: "{ title: 'T', cases: ['ic8ih9oc8kh3', { steps: 'ic0' }] }", "cases[1]"),
    Self(suite: "{ title: 'T', workers: [0], cases: 'ic8ih9oc8kh3' }", "workers", "0"),
    Self(suite: "{ title: 'T', workers: [], cases: 'ic8ih9oc8kh3' }", "workers"),
    Self(suite: "{ title: 'T', workers: [1.5], cases: 'ic8ih9oc8kh3' }", "workers", "1.5"),
    Self(suite: "{ title: 'T', workers: ['1'], cases: 'ic8ih9oc8kh3' }", "workers", "\"1\""),
    Self(suite: "{ title: 'T', workers: [1, 1], cases: 'ic8ih9oc8kh3' }", "workers", "each once"),
    Self(suite: "{ title: 'T', workers: [NaN], cases: 'ic8ih9oc8kh3' }", "workers", "nan"),
    Self(suite: "{ title: 'T', workers: 9223372036854775807, cases: 'ic8ih9oc8kh3' }", "workers"),
    Self(suite: "{ title: 'T', kernels: [], cases: 'ic8ih9oc8kh3' }", "kernels"),
    Self(suite: "{ title: 'T', kernels: [1], cases: 'ic8ih9oc8kh3' }", "kernels"),
    Self(suite: "{ title: 'T', cache: 'hot', cases: 'ic8ih9oc8kh3' }", "cache", "hot", "warm"),
    Self(suite: "{ title: 'T', epilogue: 'gelu', cases: 'ic8ih9oc8kh3' }", "epilogue", "gelu"),
    Self(suite: multiplicity("0"), "multiplicity", "0"),
    Self(suite: multiplicity("9223372036854775807"), "multiplicity", "268435456"),
    Self(suite: multiplicity("1e300"), "multiplicity", "1e+300"),
    Self(suite: multiplicity("1e400"), "cases[0].multiplicity", "1e400", "a number up to"),
    Self(suite: multiplicity("-1e400"), "cases[0].multiplicity", "-1e400"),
    Self(
      suite: multiplicity("1180591620717411303424"), "cases[0].multiplicity", "e+21", "an integer"),
    Self(suite: multiplicity("1.5"), "cases[0].multiplicity", "1.5", "an integer"),
    Self(
      suite: "{ title: 'T', workers: [1, 1e400], cases: 'ic8ih9oc8kh3' }", "1:28", "workers[1]",
      "1e400"),
    Self(suite: multiplicity("'{a}'"), "placeholder", "a"),
    Self(suite: multiplicity("-1"), "multiplicity", "-1"),
    Self(suite: "{ title: 'T', axes: { a: [] }, cases: 'ic{a}ih9oc8kh3' }", "axes.a"),
    Self(suite: "{ title: 'T', axes: { a: [1.5] }, cases: 'ic{a}ih9oc8kh3' }", "1.5"),
    Self(suite: "{ title: 'T', axes: { a: [1, 2] }, cases: 'ic8ih9oc8kh3' }", "not used"),
    Self(suite: "{ title: 'T', axes: { status: [1] }, cases: 'ic8ih9oc8kh3' }", "status"),
    Self(suite: "{ title: 'T', axes: { '1a': [1] }, cases: 'ic8ih9oc8kh3' }", "1a"),
    Self(
      suite: "{ title: 'T', axes: { a: [1, 2] }, where: 'a > 5', cases: 'ic{a}ih9oc8kh3' }",
      "no combination"),
    Self(suite: "{ title: 'T', axes: { a: [1] }, where: 'a', cases: 'ic{a}ih9oc8kh3' }", "where"),
    Self(suite: axis("1", "a/0"), "zero"),
    Self(suite: axis("3", "a/2"), "no integer"),
    Self(suite: axis("9223372036854775807", "a+1"), "larger than any integer"),
    Self(suite: axis("-9223372036854775808", "-a"), "larger than any integer"),
    Self(suite: axis("-9223372036854775808", "a/-1"), "larger than any integer"),
    Self(suite: axis("9223372036854775807", "a*a"), "larger than any integer"),
    Self(suite: axis("1", String(repeating: "(", count: 200_000)), "1000 characters"),
    Self(suite: axis("1", String(repeating: "(", count: 900)), "shorter expression"),
    Self(suite: axis("'x'", "a+1"), "no integer"),
    Self(suite: axis("1", "b"), "b", "placeholder"),
    Self(suite: "{ title: 'T', cases: ['ic8ih9oc{8kh3'] }", "column"),
    Self(suite: "{ title: 'T', cases: [['ic8ih9oc4kh1', 'ic8ih9oc8kh1']] }", "step 1", "step 2"),
    Self(suite: "{ title: 'T', cases: ['ic8ih9oc8kh3', 'ic8ih9oc8kh3'] }", "ic8ih9oc8kh3"),
    Self(suite: "{ title: 'T', baseline: 'ic8ih9oc8kh3' }", "contender"),
    Self(suite: "{ title: 'T', contender: 'ic8ih9oc8kh3' }", "baseline"),
    Self(suite: "{ title: 'T', comparisons: 5 }", "comparisons", "5"),
    Self(suite: block("{ conv: 'oc8kh3', pool: 'max' }"), "conv, deform"),
    Self(suite: block("{ relu: 'nosuch' }"), "nosuch"),
    Self(suite: block("{ add: ['input', 'input', 'input'] }"), "add"),
    Self(suite: block("{ pool: 'min', window: 'kh3' }"), "min", "max, avg"),
    Self(suite: block("{ pool: 'max' }"), "window"),
    Self(suite: block("{ pool: 'max', window: 'g2kh3' }"), "window", "kh"),
    Self(suite: block("{ pool: 'max', window: 'oc4kh3' }"), "window", "kh"),
    Self(suite: block("{ pool: 'max', window: 'kh99' }"), "99"),
    Self(suite: block("{ pool: 'avg', window: 'ic4kh3' }"), "ic4kh3"),
    Self(suite: block("{ pool: 'avg', window: 'ic16kh3' }"), "ic16kh3", "ic is 16"),
    Self(suite: block("{ shuffle: 3 }"), "3 groups"),
    Self(suite: block("{ shuffle: 0 }"), "0"),
    Self(suite: block("{ conv: 'oc8kh3', gain: 9223372036854775807 }"), "gain", "268435456"),
    Self(suite: block("{ conv: 'oc8kh3', gain: 0 }"), "gain", "0"),
    Self(suite: block("{ conv: 'oc8kh3', window: 'kh3' }"), "window", "poolings only"),
    Self(suite: block("{ pool: 'global', window: 'kh3' }"), "window", "none"),
    Self(suite: block("{ conv: 'g3oc8kh3' }"), "3 groups"),
    Self(suite: block("{ scale: ['input', 'input'] }"), "takes"),
    Self(suite: block("{ name: 'input', relu: 'input' }"), "input"),
    Self(suite: block("{ frob: 'input' }"), "frob"),
    Self(
      suite: "{ title: 'T', cases: [{ name: 'b', input: 'ic8ih9ph1', "
        + "block: [{ relu: 'input' }] }] }", "ph", "mb ic ih iw"),
    Self(suite: "{ title: 'T', kernels: [''], cases: 'ic8ih9oc8kh3' }", "kernels"),
    Self(suite: "{ title: 'T', cases: [{ name: '', steps: 'ic8ih9oc8kh3' }] }", "name", "visible"),
    Self(
      suite: "{ title: 'T', axes: { a: ['', 'x'] }, "
        + "cases: [{ name: '{a}', steps: 'ic8ih9oc8kh3' }] }", "name", "visible"),
    Self(suite: external("{ name: 'x', exec: [''] }"), "exec"),
    Self(suite: external("{ name: ' ', exec: ['true'] }"), "name"),
    Self(
      suite: external("{ name: 'best', exec: ['true'] }"), "1:44", "externalContenders[0].name",
      "best", "none of best, onednn"),
    Self(suite: external("{ name: 'xnnpack', exec: ['true'] }"), "xnnpack", "none of"),
    Self(
      suite: external("{ name: 'onednn/any', exec: ['true'] }"), "onednn/any", "without * and /"),
    Self(suite: external("{ name: 'a*', exec: ['true'] }"), "a*", "without * and /"),
    Self(
      suite: "{ title: 'T', baseline: 'ic8ih9oc8kh3', contender: { name: 'best', exec: 'true' } }",
      "contender.name", "best"),
    Self(suite: external("{ name: 'x', exec: ['a\\u0000b'] }"), "exec"),
    Self(
      suite: block("{ repeat: 'i', from: 1, to: 1000, nodes: [\(Self.nodes(200))] }"), "1000 nodes"),
    Self(
      suite: block("{ repeat: 'i', from: -9223372036854775808, to: 0, nodes: [\(Self.nodes(1))] }"),
      "1000 times"),
    Self(
      suite: block("{ repeat: 'i', from: 1, to: 9223372036854775807, nodes: [\(Self.nodes(1))] }"),
      "1000 times"),
    Self(suite: block("{ repeat: 'i', from: 1, nodes: [] }"), "to"),
    Self(suite: block(Self.concatenations), "channels", "268435456"),
    Self(suite: block("{ conv: 'oc8kh1' }, { relu: 'input' }"), "nothing reads"),
    Self(
      suite: "{ title: 'T', cases: [{ name: 'b', input: 'kh', block: [{ relu: 'input' }] }] }", "kh"
    ),
    Self(suite: "{ title: 'T', cases: [{ input: 'ic8ih9', block: [{ relu: 'input' }] }] }", "name"),
    Self(
      suite: "{ title: 'T', axes: { a: [\(Self.numbers(101))], b: [\(Self.numbers(100))] }, "
        + "cases: 'ic{a}ih{b}oc8kh1' }", "10000"),
    Self(
      suite: "{ title: 'T', axes: { a: [\(Self.numbers(6_000))] }, "
        + "cases: ['ic{a}ih9oc8kh1', 'ic{a}ih8oc8kh1'] }", "too many cases", "10000"),
    Self(
      suite: "{ title: 'T', cases: [[\(Self.repeated("'ic8ih9oc8kh1'", 1_001))]] }", "steps", "1000"
    ),
    Self(
      suite: "{ title: 'T', kernels: [\(Self.repeated("'*'", 101))], cases: 'ic8ih9oc8kh3' }",
      "kernels", "100"),
    Self(
      suite: "{ title: '\(String(repeating: "n", count: 5_000))', question: 'q', "
        + "cases: [{ name: '\(String(repeating: "n", count: 2_049))', steps: 'ic8ih9oc8kh3' }] }",
      "cases[0].name", "characters", "2049", "2048"),
  ]

  /// Each key that takes a list, with an empty one: it would be a key that says nothing.
  static let emptyLists: [BadInput] =
    emptyKeys.map { Self(suite: "{ title: 'T', \($0) }", $1, "accepted is") }
    + emptyNodes.map { Self(suite: block("{ \($0) }"), $1, "empty list", "accepted is") }

  private static let emptyKeys: [(String, String)] = [
    ("cases: []", "cases"), ("cases: [[]]", "cases[0]"), ("cases: { steps: [] }", "cases.steps"),
    ("cases: 'ic8ih9oc8kh3', comparisons: []", "comparisons"),
    ("cases: 'ic8ih9oc8kh3', externalContenders: []", "externalContenders"),
    ("cases: 'ic8ih9oc8kh3', workers: []", "workers"),
    ("cases: 'ic8ih9oc8kh3', kernels: []", "kernels"),
    ("cases: 'ic8ih9oc8kh3', cache: []", "cache"),
    ("cases: 'ic8ih9oc8kh3', where: []", "where"),
    ("cases: 'ic8ih9oc8kh3', explains: []", "explains"),
    ("cases: 'ic8ih9oc8kh3', published: []", "published"),
    ("cases: 'ic8ih9oc8kh3', axes: {}", "axes"),
    ("cases: 'ic{a}ih9oc8kh3', axes: { a: [] }", "axes.a"),
    ("cases: { steps: 'ic8ih9oc8kh3', where: [] }", "cases.where"),
    ("baseline: 'ic8ih9oc8kh3', contenders: []", "contenders"),
    ("cases: 'ic8ih9oc8kh3', contenderKernels: { baseline: [], contender: '*' }", "baseline"),
    ("cases: { name: 'b', input: 'ic8ih9', block: [] }", "cases.block"),
  ]

  private static let emptyNodes: [(String, String)] = [
    ("relu: []", "cases[0].block[0].relu"), ("sigmoid: []", "sigmoid"), ("add: []", "add"),
    ("scale: []", "scale"), ("concat: []", "concat"),
    ("conv: 'oc8kh1', from: []", "block[0].from"),
    ("repeat: 'i', from: 1, to: 2, nodes: []", "block[0].nodes"),
  ]

  private static func external(_ text: String) -> String {
    "{ title: 'T', externalContenders: [\(text)], cases: 'ic8ih9oc8kh3' }"
  }

  private static func multiplicity(_ text: String) -> String {
    "{ title: 'T', cases: [{ steps: 'ic8ih9oc8kh3', multiplicity: \(text) }] }"
  }

  private static func axis(_ value: String, _ expression: String) -> String {
    "{ title: 'T', axes: { a: [\(value)] }, cases: 'ic{\(expression)}ih9oc8kh3' }"
  }

  private static func block(_ nodes: String) -> String {
    "{ title: 'T', cases: [{ name: 'b', input: 'ic8ih9', block: [\(nodes)] }] }"
  }

  private static func nodes(_ count: Int) -> String {
    (0..<count).map { "{ name: 'n\($0)x{i}', conv: 'oc8kh1' }" }.joined(separator: ", ")
  }

  /// Each twice as wide as the one before: 2⁴⁰ times the channels of the input.
  private static let concatenations = (0..<40).map {
    "{ name: 'c\($0 + 1)', concat: [\(repeated($0 == 0 ? "'input'" : "'c\($0)'", 2))] }"
  }.joined(separator: ", ")

  private static func numbers(_ count: Int) -> String {
    (1...count).map(String.init).joined(separator: ", ")
  }

  private static func repeated(_ text: String, _ count: Int) -> String {
    Array(repeating: text, count: count).joined(separator: ", ")
  }

  /// Files of problems, and what is no file.
  static let imported: [BadInput] = [
    Self("import nosuch.txt", 64, "nosuch.txt"),
    Self("import empty", 65, "folder"),
    Self("import binary", 65, "UTF-8"),
    Self("import /dev/zero", 65, "/dev/zero", "67108864 bytes"),
    Self("list cases binary", 65, "UTF-8"),
    Self("list cases empty", 65, "folder"),
    Self("list cases nosuch", 64, "nosuch"),
    Self("verify binary", 65, "UTF-8"),
    Self("import quick --output no/such/file", 1, "no/such/file"),
    Self("import quick --output empty", 1, "empty"),
    Self(problems: "", "nothing to measure"),
    Self(problems: "# nothing\n", "nothing to measure"),
    Self(problems: "ic8ih9oc8kh3\nfrob\n", "2:1", "frob"),
    Self(problems: "ic8ih9oc8kh3 ic0ih9oc8kh3\n", "1:14", "ic"),
    Self(problems: "ic8ih9oc8kh3\n--batch=\n", "2:1", "‘--batch=’", "--batch=FILE", "folder"),
    Self(problems: "ic8ih9oc8kh3\n--batch\n", "2:1", "‘--batch’", "--batch=FILE"),
    Self(problems: "ic8ih9oc8kh3\n--batch=binary\n", "2:1", "binary", "UTF-8"),
    Self(problems: "ic8ih9oc8kh3\n--batch=empty\n", "2:1", "empty", "folder"),
    Self(problems: "--mb= ic8ih9oc8kh3\n", "1:1", "‘--mb=’", "--mb=N"),
    Self(problems: "--mb ic8ih9oc8kh3\n", "1:1", "‘--mb’", "--mb=N"),
    Self(problems: "--dt= ic8ih9oc8kh3\n", "1:1", "‘--dt=’", "--dt=TYPE", "bf16"),
    Self(problems: "ic8ih9oc8kh3n\"a*9223372036854775807\"\n", "9223372036854775807"),
    Self(problems: "g9223372036854775808ic8ih9oc8kh3\n", "9223372036854775808"),
    Self(problems: (1...10_001).map { "ic\($0)ih9oc8kh1\n" }.joined(), "10000"),
    Self(problems: "ic1ih1oc1kh1n\"a*268435456\"\nic1ih1oc1kh1n\"a*268435456\"\n", "536870912"),
    Self(problems: "onednn_verbose,exec,cpu,matmul,x,undef,,,,1x1,0.1\n", "matmul"),
    Self(problems: "onednn_verbose,exec,cpu,convolution\n", "nothing to measure"),
  ]

  /// Stored runs that somebody edited, or a disk cut.
  static let stored: [BadInput] =
    ["compare run run", "export run", "agree run"].flatMap { damaged($0) } + folders

  private static func damaged(_ verb: String) -> [BadInput] {
    [
      Self("\(verb)", "run.json", "{", "", "run.json"),
      Self("\(verb)", "run.json", "\"schema\":1", "\"schema\":1,\"schema\":1", "schema", "twice"),
      Self("\(verb)", "run.json", "\"schema\":1", "\"schema\":99", "schema", "99"),
      Self("\(verb)", "run.json", "\"schema\":1", "\"schema\":\"1\"", "schema"),
      Self(
        "\(verb)", "run.json", "\"noiseFloor\":0.01", "\"noiseFloor\":1e300", "noiseFloor",
        "1e+300"),
      Self("\(verb)", "run.json", "\"noiseFloor\":0.01", "\"noiseFloor\":-1", "noiseFloor", "-1"),
      Self(
        "\(verb)", "run.json", "\"noiseFloor\":0.01", "\"noiseFloor\":\"x\"", "noiseFloor", "x"),
      Self(
        "\(verb)", "run.json", "\"noiseFloor\":0.01", "\"noiseFloorBetweenRuns\":1e300",
        "noiseFloorBetweenRuns", "1e+300"),
      Self(
        "\(verb)", "run.json", "\"noiseFloor\":0.01", "\"noiseFloor\":1e400", "run.json",
        "‘noiseFloor’ is 1e400", "a number up to"),
      Self("\(verb)", "run.json", "\"schema\":1", "\"schema\":1.5", "schema is 1.5", "is 1"),
      Self("\(verb)", "run.json", "\"0.1.0\"", "5", "run.json", "version is 5", "a text"),
      Self(
        "\(verb)", "run.json", "[\"s\"]", "[\"s\"],\"suiteFiles\":\"x\"", "suiteFiles is x", "paths"
      ),
      Self("\(verb)", "run.json", "[\"s\"]", "\"s\"", "suites"),
      Self("\(verb)", "run.json", "\"2026-01-01T00:00:00Z\"", "5", "startedAt is 5", "a time as"),
      Self("\(verb)", "run.json", "2026-01-01T00:00:00Z", "yesterday", "startedAt", "yesterday"),
      Self("\(verb)", "run.json", "startedAt", "started", "run.json", "startedAt is missing"),
      Self("\(verb)", "run.json", "[\"s\"]", "[\"t\"]", "t/measurements.csv"),
      Self("\(verb)", "run.json", "[\"s\"]", "[\"s\", \"s\"]", "run.json", "suites", "once"),
      Self("\(verb)", "run.json", "[\"s\"]", "[]", "run.json", "suites"),
      Self(
        "\(verb)", "s/measurements.csv", ",100.0,", ",nan,", "measurements.csv:2",
        "time_ns_median", "nan"),
      Self(
        "\(verb)", "s/measurements.csv", ",100.0,", ",abc,", "measurements.csv:2",
        "time_ns_median", "abc"),
      Self(
        "\(verb)", "s/measurements.csv", ",100.0,", ",-1,", "measurements.csv:2",
        "time_ns_median", "-1"),
      Self("\(verb)", "s/measurements.csv", ",100.0,", ",inf,", "time_ns_median", "inf"),
      Self("\(verb)", "s/measurements.csv", ",100.0,", ",1e999,", "time_ns_median", "1e999"),
      Self("\(verb)", "s/measurements.csv", ",100.0,", ",,", "ok", "time_ns_median"),
      Self("\(verb)", "s/measurements.csv", ",100.0,", ",", "measurements.csv:2", "cells"),
      Self("\(verb)", "s/measurements.csv", ",99.0,", ",x,", "time_ns_lo", "x"),
      Self(
        "\(verb)", "s/measurements.csv", ",ok,", ",frob,", "csv:2", "status", "frob", "disturbed"),
      Self("\(verb)", "s/measurements.csv", ",99.0,", ",100.5,", "measurements.csv:2", "100.5"),
      Self(
        "\(verb)", "s/measurements.csv", ",99.0,101.0", ",101.0,", "measurements.csv:2",
        "time_ns_lo, time_ns_median"),
      Self(
        "\(verb)", "s/measurements.csv", "1,warm,2", "1,hot,2", "csv:2", "cache", "cold-filter"),
      Self("\(verb)", "s/measurements.csv", ",100.0,", ",1e-308,", "time_ns_median", "1e-308"),
      Self("\(verb)", "s/measurements.csv", ",1,warm", ",0,warm", "workers", "0"),
      Self("\(verb)", "s/measurements.csv", ",1,warm", ",one,warm", "workers", "one"),
      Self("\(verb)", "s/measurements.csv", ",16,", ",1.5,", "macs", "1.5"),
      Self("\(verb)", "s/measurements.csv", ",16,", ",99999999999999999999,", "macs"),
      Self(
        "\(verb)", "s/measurements.csv", "time_ns_median", "time", "time_ns_median", "missing"),
      Self("\(verb)", "s/measurements.csv", "kernel", "case", "case", "twice"),
      Self(
        "\(verb)", "s/measurements.csv", "s,b,ic1ih4oc1kh1,k,1,warm,,,,,16,0,unsupported,no",
        "s,a,ic1ih4oc1kh1,k,1,warm,2,100.0,99.0,101.0,16,10,ok,", "measurements.csv:3", "twice"),
      Self("\(verb)", "s/measurements.csv", "s,a,", "s,\"a,", "quote"),
      Self("\(verb)", "s/measurements.csv", "suite,", "", "measurements.csv"),
      Self(
        "\(verb)", "s/samples.csv", ",0,10,100.0", ",0,10,nan", "samples.csv:2", "time_ns", "nan"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",0,10,0", "samples.csv:2", "time_ns", "0"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",0,10,1e308", "samples.csv:2", "1e308"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",0,10,", "csv:2", "time_ns", "empty"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",0,,100.0", "csv:2", "iterations"),
      Self("\(verb)", "s/samples.csv", ",1,,0", ",1,frob,0", "disturbed", "frob", "stolen"),
      Self("\(verb)", "s/samples.csv", ",1,,0", ",1,slow+,0", "csv:2", "disturbed", "slow+"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",-1,10,100.0", "round", "-1"),
      Self(
        "\(verb)", "s/samples.csv", ",0,10,100.0", ",0,0,100.0", "samples.csv:2", "iterations",
        "‘0’", "from 1"),
      Self(
        "\(verb)", "s/samples.csv", ",1,10,101.0", ",1,-1,101.0", "samples.csv:3", "iterations",
        "-1"),
      Self("\(verb)", "s/measurements.csv", ",16,10,ok", ",16,0,ok", "csv:2", "iterations", "‘0’"),
      Self("\(verb)", "s/measurements.csv", ",2,100.0", ",0,100.0", "csv:2", "rounds", "‘0’"),
      Self(
        "\(verb)", "s/measurements.csv", ",99.0,101.0", ",101.0,99.0", "csv:2",
        "time_ns_lo, time_ns_median, time_ns_hi", "101.0, 100.0, 99.0"),
      Self("\(verb)", "s/samples.csv", ",0,10,100.0", ",0,10", "samples.csv:2", "cells"),
      Self(
        "\(verb)", "s/samples.csv", "s,a,k,1,warm,1,10,101.0", "s,a,k,1,warm,0,10,100.0",
        "samples.csv:3", "twice"
      ),
      Self(
        "\(verb)", "s/samples.csv", "s,a,k,1,warm,1,", "s,zz,k,1,warm,1,", "zz",
        "measurements.csv"),
      Self("\(verb)", "s/samples.csv", "time_ns", "time", "time_ns", "missing"),
    ]
  }

  private static let folders: [BadInput] = [
    Self("answer run", "run.json", "[\"s\"]", "[\"../run/s\"]", "../run/s"),
    Self("report run", "run.json", "[\"s\"]", "[\"../run/s\"]", "../run/s"),
    Self("report run", "run.json", "[\"s\"]", "[5]", "suites"),
    Self("report run", "s/measurements.csv", ",1,warm", ",one,warm", "workers", "one"),
    Self("report run", "s/measurements.csv", "suite,", "\u{FEFF}suite,", "measurements.csv"),
    Self("answer run", "s/measurements.csv", ",100.0,", ",nan,", "time_ns_median", "nan"),
    Self("report run", "s/measurements.csv", ",16,10,ok", ",16,0,ok", "csv:2", "iterations"),
    Self("compare run nosuch", 65, "nosuch", "run.json"),
    Self("compare nosuch run", 65, "nosuch"),
    Self("compare file run", 65, "run.json"),
    Self("compare run empty", 65, "run.json"),
    Self("compare run run --threshold 0", 64, "--threshold"),
    Self("compare run run --threshold -1%", 64, "--threshold"),
    Self("compare run run --threshold nan", 64, "--threshold"),
    Self("agree run nosuch", 66, "nosuch"),
    Self("agree file", 66, "file"),
    Self("agree empty", 65, "empty", "run.json"),
    Self("export nosuch", 65, "nosuch"),
    Self("export run --format xml", 64, "--format", "xml", "otava"),
    Self("export run run --format bencher", 64, "run", "bencher"),
    Self(
      "gate s.json5 --baseline run", "s/samples.csv", ",0,10,100.0", ",0,10,nan", "samples.csv:2"),
    Self(
      "gate s.json5 --baseline run", "run.json", "\"noiseFloor\":0.01",
      "\"noiseFloorBetweenRuns\":1e300", "noiseFloorBetweenRuns"),
  ]
}
