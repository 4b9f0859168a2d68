// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A command that is not right: what it exits with, and what its message must name.
struct BadInput: Sendable, CustomTestStringConvertible {
  /// The words, separated by spaces; `''` is an empty one, `␣` a space inside one.
  let command: String
  let exitCode: Int32
  let names: [String]
  /// A file of the row's own, beside those that all rows have.
  var file: (name: String, text: String)?
  /// What is changed in the stored run, as file, text and what replaces it.
  var change: (file: String, from: String, to: String)?

  init(_ command: String, _ exitCode: Int32, _ names: String...) {
    self.command = command
    self.exitCode = exitCode
    self.names = names
  }

  /// A suite file that `list cases` must refuse.
  init(suite text: String, _ names: String...) {
    (command, exitCode, self.names) = ("list cases a.json5", 65, ["a.json5"] + names)
    file = ("a.json5", text)
  }

  /// A file of problems that `list cases` must refuse.
  init(problems text: String, _ names: String...) {
    (command, exitCode, self.names) = ("list cases a.txt", 65, ["a.txt"] + names)
    file = ("a.txt", text)
  }

  /// A stored run in which `from` became `to`, so that every reader must refuse it.
  init(_ command: String, _ file: String, _ from: String, _ to: String, _ names: String...) {
    (self.command, exitCode, self.names) = (command, 65, names)
    change = (file, from, to)
  }

  var words: [String] {
    command.split(separator: " ").map(String.init).map {
      $0 == "''" ? "" : String($0).replacing("␣", with: " ")
    }
  }

  var testDescription: String {
    let change = change.map { " (\($0.file): \($0.from) → \($0.to))" } ?? ""
    let text = command + (file.map { " (\($0.text))" } ?? change)
    return text.count > 120 ? "\(text.prefix(120))…" : text
  }
}

import Testing

extension BadInput {
  static let all: [BadInput] = [
    commandLine, descriptors, planning, measuring, suites, emptyLists, imported, stored, gates,
    served, counters,
  ].flatMap { $0 }

  /// Verbs, options and operands that there are not.
  static let commandLine: [BadInput] = [
    Self("frobnicate", 64, "frobnicate", "run, list"),
    Self("''", 64, "unknown verb", "run, list"),
    Self("--frob", 64, "--frob"),
    Self("--version quick", 64, "quick", "--version"),
    Self("report empty", 65, "empty", "run.json"),
    Self("report file", 65, "file", "run.json"),
    Self("RUN", 64, "RUN"),
    Self("run --frob", 64, "--frob", "--workers"),
    Self("run -w 2", 64, "-w"),
    Self("run --budget", 64, "--budget", "60s"),
    Self("run --no-progress=1", 64, "--no-progress"),
    Self("list frobs", 64, "frobs", "suites"),
    Self("list suites quick", 64, "quick", "list suites"),
    Self("list kernels --isa sse9", 64, "--isa", "sse9", "avx2"),
    Self("list kernels --isa avx2,", 64, "--isa", "avx2,"),
    Self("machine now", 64, "now"),
    Self("machine --json=yes", 64, "--json"),
    Self("describe", 64, "DESCRIPTOR"),
    Self("profile", 64, "CASE"),
    Self("profile ic8ih9oc8kh3 ic8ih9oc8kh5", 64, "ic8ih9oc8kh5"),
    Self("compare", 64, "folder of results"),
    Self("compare one", 64, "folder of results"),
    Self("compare one two three", 64, "three"),
    Self("export", 64, "folder of results"),
    Self("agree", 64, "folder of results"),
    Self("agree one --format xml", 64, "xml", "markdown"),
    Self("import", 64, "FILE"),
    Self("import one two", 64, "two"),
    Self("gate", 64, "--against", "--baseline"),
    Self("predict", 64, "descriptor", "suite"),
    Self("predict frobs", 64, "frobs"),
    Self("predict nosuch", 64, "no suite"),
    Self("predict g2ic8ih9kk1oc8kh3", 64, "kk1", "column 9"),
    Self("profile ic8ih9oc8kh3/", 64, "‘/’", "column 13"),
    Self("predict ic8ih9oc8kh3 --format xml", 64, "xml", "csv"),
    Self("predict ic8ih9oc8kh3 --workers 0", 64, "--workers", "0"),
    Self("predict ic8ih9oc8kh3", 4, "measured 0 times", "convscope learn"),
    Self("learn --budget soon", 64, "--budget", "soon"),
    Self("learn --workers 99999", 64, "99999 workers", "accepted are 1 to"),
    Self("predict ic8ih9oc8kh3 --workers 99999", 64, "99999 workers"),
    Self("advise s.json5 --workers 99999", 64, "99999 workers"),
    Self("predict ic268435456ih16384oc8kh1", 64, "input tensor", "too large"),
    Self("learn --seed -1", 64, "--seed", "-1"),
    Self("learn nosuchsuite", 64, "nosuchsuite"),
    Self("advise", 64, "suite"),
    Self("advise one two", 64, "two", "one suite"),
    Self("advise s.json5 --workers 1,2", 64, "--workers", "1,2", "one number"),
    Self("advise s.json5 --workers 1 --workers 2", 64, "--workers", "‘1’", "‘2’", "one value"),
    Self("run s.json5 --output a --output b", 64, "--output", "‘a’", "‘b’", "one value"),
    Self("profile ic8ih9oc8kh3 --workers 1 --workers 2", 64, "--workers", "one value"),
    Self("gate --against x --against y", 64, "--against", "‘x’", "‘y’"),
    Self("tune s.json5 --budget 1s --budget=2s", 64, "--budget", "‘1s’", "‘2s’"),
    Self("advise nosuchsuite", 64, "nosuchsuite"),
    Self("advise s.json5 --format xml", 64, "xml", "csv"),
    Self("advise s.json5 --write no/such/file --budget 600s", 1, "no/such/file", "No such file"),
    Self("advise s.json5 --write empty --budget 600s", 1, "empty", "Is a directory"),
    Self("list suites --shape x=1", 64, "--shape", "ONNX"),
    Self("list kernels --dim n=1", 64, "--dim", "ONNX"),
    Self("learn --dim n=1", 64, "--dim", "ONNX"),
    Self("import m.onnx --dim n=1 --dim n=2", 64, "--dim", "n=1", "n=2", "one size"),
    Self("predict ic8ih9oc8kh3 --shape x=1", 64, "--shape", "ONNX"),
    Self("profile ic8ih9oc8kh3 --shape x=1", 64, "--shape", "ONNX"),
    Self("profile ic8ih9oc8kh3 --loop 1s --output x", 64, "--output", "--loop"),
    Self("profile ic8ih9oc8kh3 --loop 1s --seconds 1s", 64, "--seconds", "--loop"),
    Self("predict ic8ih9oc8kh3 --against nosuch", 65, "nosuch", "run.json"),
    Self("report empty --threshold 2%", 64, "--threshold", "DIR2"),
    Self("serve now", 64, "now"),
    Self("simulate", 64, "--"),
    Self("measure-group", 64, "TASK"),
    Self("measure-group /nonexistent result", 64, "TASK", "/nonexistent"),
  ]

  /// What is no problem.
  static let descriptors: [BadInput] = [
    Self("describe ''", 64, "operand"),
    Self("describe ic8", 64, "oc"),
    Self("describe ic8oc8", 64, "k"),
    Self("describe ic8oc8kh3", 64, "ih"),
    Self("describe ih9oc8kh3", 64, "ic"),
    Self("describe ic8ih9oc8kh3qq1", 64, "qq1", "column 13"),
    Self("describe ic8ih9oc8kh", 64, "kh"),
    Self("describe ic8ih9oc8kh3.5", 64, ".5"),
    Self("describe ic8ih9oc8khthree", 64, "khthree"),
    Self("describe ic８ih9oc8kh3", 64, "ic８"),
    Self("describe nan", 64, "ic"),
    Self("describe --", 64, "DESCRIPTOR"),
    Self("describe ic8ih9oc8kh3␣", 64, "column 13"),
    Self("describe ic8ih9oc8kh3,ic8ih9oc8kh3", 64, "column 13"),
    Self("describe ic8ic8ih9oc8kh3", 64, "ic is given twice"),
    Self("describe ic0ih9oc8kh3", 64, "ic", "0", "1 to 268435456"),
    Self("describe ic-8ih9oc8kh3", 64, "-8"),
    Self("describe ic8ih9oc8kh3sh0", 64, "sh", "0"),
    Self("describe ic8ih9oc8kh3ph-1", 64, "ph", "-1"),
    Self("describe ic8ih9oc8kh3dh-1", 64, "dh", "-1"),
    Self("describe ic8ih9oc8kh3dh268435456", 64, "dh", "268435456"),
    Self("describe mb0ic8ih9oc8kh3", 64, "mb", "0"),
    Self("describe g0ic8ih9oc8kh3", 64, "g", "0"),
    Self("describe g3ic8ih9oc8kh3", 64, "8", "3 groups"),
    Self("describe g2ic8ih9oc7kh3", 64, "7", "2 groups"),
    Self("describe ic268435457ih9oc8kh3", 64, "ic", "268435457"),
    Self("describe ic9223372036854775807ih9oc8kh3", 64, "ic", "9223372036854775807"),
    Self("describe ic9223372036854775808ih9oc8kh3", 64, "ic", "9223372036854775808"),
    Self("describe ic-9223372036854775808ih9oc8kh3", 64, "ic"),
    Self("describe ic8ih9oc8kh99", 64, "99", "9x9"),
    Self("describe ic8ih9oc8kh3dh9", 64, "21x21"),
    Self("describe ic8ih9oh5oc8kh3ph1", 64, "oh", "5"),
    Self("describe ic8ih9iw9oh7ow2oc8kh3kw3ph0pw0", 64, "ow", "2"),
    Self("describe ic8id9ih9oc8kd3kh3", 64, "id", "three-dimensional"),
    Self("describe ic268435456ih65536oc1kh1", 64, "input", "too large"),
    Self("describe ic65536ih3oc268435456kh3", 64, "filter", "too large"),
    Self("describe ic65536ih1024oc65536kh3ph1", 64, "multiply-accumulates"),
    Self("describe ic8ih9oc8kh3n\"x", 64, "n\"name\""),
    Self(
      "describe ic8ih9oc8kh3n\"\(String(repeating: "x", count: 1_025))\"", 64, "name (n)", "1025",
      "1024"),
    Self("describe ic8ih9oc8kh3n\"x*0\"", 64, "multiplicity", "0"),
    Self("describe ic8ih9oc8kh3n\"x*-1\"", 64, "multiplicity", "-1"),
    Self("describe ic8ih9oc8kh3n\"x*1.5\"", 64, "multiplicity", "1.5"),
    Self("describe ic8ih9oc8kh3n\"x*9223372036854775807\"", 64, "multiplicity"),
    Self("describe ic8ih9oc8kh3n\"x*99999999999999999999\"", 64, "multiplicity"),
    Self(
      "describe ic1ih1oc1kh1sh268435456 ic1ih1oc1kh1sh268435456 ic1ih1oc1kh1sh268435456", 64,
      "receptive field", "72057594037927936"),
    Self("describe ic1ih1iw268435456oc1kh1kw268435456", 0),
    Self("describe ic8ih9oc8kh3 frob", 64, "frob"),
    Self("profile frob", 64, "frob", "descriptor"),
    Self("profile --suite nosuch frob", 64, "nosuch"),
    Self("profile --suite quick frob", 64, "frob", "quick"),
    Self("profile g3ic8ih9oc8kh3", 64, "g3ic8ih9oc8kh3", "3 groups"),
  ]

  /// Options of which a plan is made.
  static let planning: [BadInput] = ["run", "verify", "tune"].flatMap { planning(of: $0) }

  private static func planning(of verb: String) -> [BadInput] {
    [
      Self("\(verb) nosuch", 64, "nosuch"),
      Self("\(verb) quik", 64, "quik", "quick"),
      Self("\(verb) quick --workers 0", 64, "--workers", "0", "from 1"),
      Self("\(verb) quick --workers -1", 64, "--workers", "-1"),
      Self("\(verb) quick --workers two", 64, "--workers", "two"),
      Self("\(verb) quick --workers 1.5", 64, "--workers", "1.5"),
      Self("\(verb) quick --workers 1e1", 64, "--workers", "1e1"),
      Self("\(verb) quick --workers 9223372036854775808", 64, "--workers"),
      Self("\(verb) quick --kernels nosuch", 64, "nosuch", "best"),
      Self("\(verb) quick --kernels dirct/*", 64, "dirct/*", "did you mean ‘direct/*’"),
      Self(
        "\(verb) quick --kernels direct/nhwc", 64, "did you mean ‘direct/nhwc/",
        "`convscope list kernels` shows"),
      Self("\(verb) quick --isa sse9", 64, "--isa", "sse9"),
      Self("\(verb) quick --only (", 64, "--only", "("),
      Self("\(verb) quick --only nosuch", 64, "nosuch"),
      Self("\(verb) quick --cache hot", 64, "--cache", "hot", "warm"),
      Self("\(verb) quick --accuracy good", 64, "--accuracy", "good"),
      Self("\(verb) quick --partition odd", 64, "--partition", "odd"),
      Self("\(verb) quick --seed -1", 64, "--seed", "-1"),
      Self("\(verb) quick --seed 1.5", 64, "--seed", "1.5"),
      Self("\(verb) quick --seed 18446744073709551616", 64, "--seed"),
      Self("\(verb) quick --seed nan", 64, "--seed", "nan"),
      Self("\(verb) quick --peer frob", 64, "--peer", "frob", "NAME=COMMAND"),
      Self("\(verb) quick --peer =frob", 64, "--peer", "=frob"),
      Self("\(verb) quick --peer best=cat", 64, "--peer", "best"),
      Self("\(verb) quick --peer d*=cat", 64, "--peer", "d*"),
      Self("\(verb) quick --peer onednn=cat", 64, "--peer", "onednn=cat", "none of"),
      Self("\(verb) quick --peer direct/nchw=cat", 64, "--peer", "direct/nchw", "without * and /"),
      Self("\(verb) no/such.json5", 64, "no/such.json5"),
      Self("\(verb) .", 65, "folder"),
    ]
  }

  /// Options of how it is measured.
  static let measuring: [BadInput] = precisions + budgets + counts + outputs

  /// Each option with each value; the message must name the option.
  private static func product(_ options: [String], _ values: [String]) -> [BadInput] {
    var rows: [BadInput] = []
    for option in options {
      let name = String(option.split(separator: " ").last ?? "")
      for value in values { rows.append(BadInput("\(option) \(value)", 64, name)) }
    }
    return rows
  }

  private static let precisions: [BadInput] = product(
    ["run --precision", "tune --precision"],
    ["0", "0%", "100%", "1", "-1%", "nan", "inf", "1e999", "one", "%", "1%%"])

  private static let budgets: [BadInput] = product(
    [
      "run --budget", "tune --budget", "gate --against x --budget",
      "profile ic1ih1oc1kh1 --seconds", "profile ic1ih1oc1kh1 --loop",
    ], ["0", "-1s", "nan", "inf", "1e99s", "1e308h", "1e999", "soon", "s", "10x", "''"])

  private static let counts: [BadInput] = product(
    ["run --processes", "gate --against x --processes", "gate --against x --rounds"],
    ["0", "-1", "1.5", "many", "nan", "9223372036854775807", "1e3"])

  private static let outputs: [BadInput] = [
    Self("run quick --output file", 1, "file"),
    Self("run quick --output file/below", 1, "file"),
    Self("run --resume nosuch", 65, "nosuch", "run.json"),
    Self("run --resume file", 65, "run.json"),
    Self("run --resume empty", 65, "run.json"),
    Self("run --resume run quick", 64, "quick"),
    Self("run --resume run", 65, "run.json", "the key ‘interrupted’ is missing"),
    Self("run s.json5 --slow-down nosuch=5%", 64, "--slow-down", "nosuch=5%", "ic1ih4oc1kh1"),
    Self("run --resume run --seed 2", 64, "--seed"),
    Self("profile ic1ih1oc1kh1 --workers 1,2", 64, "--workers"),
    Self("profile ic1ih1oc1kh1 --kernels direct/*", 64, "--kernels"),
    Self("profile ic1ih1oc1kh1 --output file", 1, "file"),
  ]

  /// Counter groups.
  static let counters: [BadInput] = [
    Self("run --counters nosuch", 64, "nosuch", "default"),
    Self("run --counters no/such.txt", 65, "no/such.txt", "no such file"),
    Self("run --counters empty/", 65, "folder"),
    Self("run --counters brackets.txt", 65, "brackets.txt:4", "1000"),
    Self("run --counters signs.txt", 65, "signs.txt:4", "64"),
    Self("run --counters sum.txt", 65, "sum.txt:4", "1000"),
    Self("run --counters longevent.txt", 65, "8192 bytes", "127"),
    Self("run --counters PAPI_\(String(repeating: "X", count: 8192))", 64, "8197 bytes", "127"),
    Self(
      "run --counters \((1...101).map { "PAPI_\($0)" }.joined(separator: ","))", 64, "--counters",
      "100"),
    Self("run --counters unknown.txt", 65, "unknown.txt:4", "frob"),
    Self("run --counters nounit.txt", 65, "nounit.txt:4", "name [unit] = formula"),
    Self("run --counters binary", 64, "binary"),
    Self("run --counters ./binary", 65, "binary", "UTF-8"),
    Self("list counters --counters nosuch", 64, "nosuch"),
    Self("profile ic1ih1oc1kh1 --counters nosuch", 64, "nosuch"),
  ]

  /// Requests of another harness.
  static let served: [BadInput] = [
    Self("serve --kernels", 64, "--kernels"),
    Self("serve --kernels dirct/*", 64, "dirct/*", "did you mean ‘direct/*’"),
    Self("serve --isa sse9", 64, "sse9"),
    Self("serve --accuracy good", 64, "good"),
    Self("serve --partition odd", 64, "odd"),
    Self("serve --slow-down x", 64, "--slow-down", "x"),
    Self("serve --slow-down x=200%", 64, "--slow-down"),
    Self("serve --slow-down x=nan", 64, "--slow-down"),
  ]

  /// Gates that cannot be.
  static let gates: [BadInput] = [
    Self("gate quick --against a --baseline b", 64, "--against", "--baseline"),
    Self("gate quick --against nosuch", 64, "nosuch"),
    Self("gate quick --against file", 64, "file"),
    Self("gate quick --against empty", 64, "empty"),
    Self("gate quick --against git:nosuch", 64, "nosuch"),
    Self("gate quick --baseline nosuch", 65, "nosuch", "run.json"),
    Self("gate quick --baseline empty", 65, "run.json"),
    Self("gate quick --baseline file", 65, "run.json"),
    Self("gate quick --against x --threshold 0", 64, "--threshold"),
    Self("gate quick --against x --threshold 200%", 64, "--threshold"),
    Self("gate quick --against x --threshold nan", 64, "--threshold"),
    Self("gate quick --against x --inconclusive maybe", 64, "--inconclusive", "maybe"),
    Self("gate quick --against x --seed -1", 64, "--seed"),
    Self("gate quick --against x --slow-down y", 64, "--slow-down"),
    Self("gate --against x --kernels bets", 64, "bets", "did you mean ‘best’"),
    Self("gate --against x --kernels dirct/*", 64, "dirct/*", "did you mean ‘direct/*’"),
    Self("gate --against x --kernels nosuch", 64, "nosuch", "best"),
    Self("gate --against x --isa sse9", 64, "--isa", "sse9"),
    Self("gate --against file", 64, "file"),
    Self("gate --baseline run quick --kernels bets", 64, "bets"),
    Self("gate quick --against x --limit PAPI_TOT_INS=1%", 64, "--limit", "--counts"),
    Self("gate quick --against x --counts --rounds 3", 64, "--rounds"),
    Self("gate quick --against x --counts --limit FROB=1%", 64, "--limit", "FROB"),
    Self("gate quick --baseline x --skip-unchanged", 64, "--baseline"),
    Self("bisect", 64, "GOOD..BAD"),
    Self("bisect HEAD", 64, "HEAD", "GOOD..BAD"),
    Self("bisect ..HEAD", 64, "..HEAD", "GOOD..BAD"),
    Self("bisect HEAD...HEAD", 64, "HEAD...HEAD", "GOOD..BAD"),
    Self("bisect nosuch..HEAD", 64, "git knows no commit", "nosuch"),
    Self("bisect HEAD..nosuch", 64, "git knows no commit", "nosuch"),
    Self("bisect HEAD..HEAD", 64, "HEAD..HEAD", "comes after"),
    Self("bisect HEAD..HEAD --threshold 0", 64, "--threshold"),
    Self("bisect HEAD..HEAD --processes 0", 64, "--processes"),
    Self("bisect HEAD..HEAD --against x", 64, "--against"),
    Self("bisect HEAD..HEAD --counts", 64, "--counts"),
  ]
}
