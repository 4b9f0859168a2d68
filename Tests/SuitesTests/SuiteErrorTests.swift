// SPDX-License-Identifier: Apache-2.0

import Suites
import Testing

@Suite("What is no suite")
struct SuiteErrorTests {
  private static let keys =
    "title, question, answer, source, axes, where, baseline, contender, contenders, comparisons, cases, "
    + "epilogue, dt, kernels, workers, cache, contenderKernels, externalContenders, published, explains"

  @Test(
    "A file that is not accepted is refused with place, key, value and what is accepted",
    arguments: [
      ("{ title: 'T' cases: [] }", "1:14: ‘c’ is not JSON5 here; accepted is ‘,’ or ‘}’"),
      ("[]", "1:1: an empty list is not accepted; accepted is an object with \(keys)"),
      (
        "{ cases: 'ic8ih9oc8kh3' }", "1:1: ‘title’ is missing; accepted is the suite in a few words"
      ),
      (
        "{ title: 'T' }",
        " there is nothing to measure; accepted is cases, comparisons, or a baseline with a contender"
      ),
      (
        "{ title: 'T', cases: [] }",
        "1:22: cases: an empty list is not accepted; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 5, cases: 'ic8ih9oc8kh3' }",
        "1:10: title: 5 is not accepted; accepted is text in quotes"
      ),
      (
        "{ title: 'T', titel: 'T' }",
        "1:15: titel: unknown key ‘titel’, perhaps ‘title’; accepted are \(keys)"
      ),
      (
        "{ title: 'T', frobnicate: 1 }",
        "1:15: frobnicate: unknown key ‘frobnicate’; accepted are \(keys)"
      ),
      (
        "{ title: 'T', answer: '{mesured}', cases: 'ic8ih9oc8kh3' }",
        "1:23: answer: \"{mesured}\" is not accepted; accepted is a sentence with {measured …}, {promised …} or {realised …}, with words of comparisons' names joined by &"
      ),
      (
        "{ title: 'T', answer: '{measured fast & g=2}', axes: { g: [1, 2] }, baseline: 'ic8ih9oc8kh3', contender: 'g{g}ic8ih9oc8kh3' }",
        "1:23: answer: ‘fast & g=2’ is not accepted; accepted is words of the comparisons' names, such as ‘g=1’"
      ),
      ("{ title: 'T', title: 'T' }", "1:15: title: ‘title’ is given twice; accepted is once"),
      (
        "{ title: 'T',\n  cases: [5] }",
        "2:11: cases[0]: 5 is not accepted; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 'T', cases: [{ name: 'n' }] }",
        "1:23: cases[0]: ‘steps’ is missing; accepted is a list of descriptors"
      ),
      (
        "{ title: 'T', cases: [{ step: 'ic8ih9oc8kh3' }] }",
        "1:25: cases[0].step: unknown key ‘step’, perhaps ‘steps’; accepted are name, steps, epilogue, dt, multiplicity, input, block, form, layers, axes, where"
      ),
      (
        "{ title: 'T', cases: [[]] }",
        "1:23: cases[0]: an empty list is not accepted; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 'T', cases: [{ steps: 'ic8ih9oc8kh3', multiplicity: 0 }] }",
        "1:62: cases[0].multiplicity: ‘0’ is not accepted; accepted is a whole number from 1 to 268435456"
      ),
      (
        "{ title: 'T', cases: ['ic8ih9oc8kh3ph'] }",
        "1:23: cases[0]: ic8ih9oc8kh3ph: column 13: ‘ph’ is not understood; accepted is a key of g mb ic ih iw oc oh ow kh kw sh sw ph pw dh dw with a number, or n\"name\" at the end"
      ),
      (
        "{ title: 'T', cases: ['g3ic8ih9oc8kh3'] }",
        "1:23: cases[0]: g3ic8ih9oc8kh3: input channels (ic) is 8, which 3 groups (g) do not divide; accepted are multiples of 3"
      ),
      (
        "{ title: 'T', cases: [['ic8ih9oc4kh1', 'ic8ih9oc8kh3']] }",
        "1:40: cases[0][1]: step 1 (ic8ih9oc4kh1) gives 1x4x9x9, but step 2 (ic8ih9oc8kh3) takes 1x8x9x9; accepted are equal shapes"
      ),
      (
        "{ title: 'T', cases: [{ steps: ['ic8ih9oc4kh1', 'ic4ih9oc4kh3n\"mid\"', 'ic4ih9oc8kh1'] }] }",
        "1:71: cases[0].steps[2]: step 2 (mid) gives 1x4x7x7, but step 3 (ic4ih9oc8kh1) takes 1x4x9x9; accepted are equal shapes"
      ),
      (
        "{ title: 'T', cases: ['ic8ih9oc8kh3', 'ic8ih9oc8kh3'] }",
        "1:39: cases[1]: two different cases are called ‘ic8ih9oc8kh3’; accepted are unique names"
      ),
      (
        "{ title: 'T', axes: { g: [1, 2] }, cases: ['g{g}ic8ih9oc8kh3n\"a\"'] }",
        "1:44: cases[0]: two different cases are called ‘a’; accepted are unique names"
      ),
      (
        "{ title: 'T', baseline: { name: 'a', steps: 'ic8ih9oc8kh3' }, contender: { name: 'a', steps: 'ic8ih9oc8kh1' } }",
        "1:74: contender: two different cases are called ‘a’; accepted are unique names"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3', comparisons: [{ name: 'a', contender: 'ic8ih9oc8kh1' }, { name: 'a', contender: 'ic8ih9oc8kh5' }] }",
        "1:97: comparisons[1]: two comparisons are called ‘a’; accepted are unique names"
      ),
      (
        "{ title: 'T', axes: { g: [] }, cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:26: axes.g: an empty list is not accepted; accepted is one value or more"
      ),
      (
        "{ title: 'T', axes: { g: [1.5] }, cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:27: axes.g[0]: 1.5 is not accepted; accepted is an integer, a text, or an object of these"
      ),
      (
        "{ title: 'T', axes: { g: [{ a: 1 }, { b: 2 }] }, cases: ['g{a}ic8ih9oc8kh3'] }",
        "1:39: axes.g[1].b: unknown key ‘b’, perhaps ‘a’; accepted are a"
      ),
      (
        "{ title: 'T', axes: { g: [{ a: 1, b: 2 }, { a: 2 }] }, cases: ['g{a}ic8ih9oc8kh3'] }",
        "1:43: axes.g[1]: ‘b’ is missing; accepted is the same fields in every value of the axis"
      ),
      (
        "{ title: 'T', axes: { g: [1], h: [{ g: 1 }] }, cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:31: axes.h: the axis ‘g’ is not accepted; accepted is a name that no other axis gives"
      ),
      (
        "{ title: 'T', axes: { '2g': [1] }, cases: ['ic8ih9oc8kh3'] }",
        "1:23: axes.2g: the axis ‘2g’ is not accepted; accepted is a name of letters, digits and _ that begins with a letter"
      ),
      (
        "{ title: 'T', axes: { workers: [1, 2] }, cases: ['ic8ih{workers}oc8kh3'] }",
        "1:23: axes.workers: the axis ‘workers’ is not accepted; accepted is a name that is no column of comparisons.csv"
      ),
      (
        "{ title: 'T', axes: { groups: [1, 2] }, cases: ['g{group}ic8ih9oc8kh3'] }",
        "1:49: cases[0]: unknown placeholder ‘group’, perhaps ‘groups’; accepted are the axes groups"
      ),
      (
        "{ title: 'T', cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:23: cases[0]: unknown placeholder ‘g’; there are no axes here"
      ),
      (
        "{ title: 'T', axes: { g: [1, 2] }, where: 'h > 1', cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:43: where: unknown placeholder ‘h’, perhaps ‘g’; accepted are the axes g"
      ),
      (
        "{ title: 'T', axes: { g: [1, 2] }, cases: ['ic8ih9oc8kh3'] }",
        "1:23: axes.g: the axis ‘g’ is not used, so its values would measure the same; accepted is {g} in a descriptor or a name"
      ),
      (
        "{ title: 'T', comparisons: [{ axes: { g: [1, 2] }, baseline: 'ic8ih9oc8kh3', contender: 'ic8ih9oc8kh1' }] }",
        "1:39: comparisons[0].axes.g: the axis ‘g’ is not used, so its values would measure the same; accepted is {g} in a descriptor or a name"
      ),
      (
        "{ title: 'T', axes: { g: [1, 2] }, where: 'g > 2', cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:60: cases[0]: ‘where’ leaves no combination of the axes; accepted is at least one"
      ),
      (
        "{ title: 'T', axes: { g: [1, 2] }, where: 'g', cases: ['g{g}ic8ih9oc8kh3'] }",
        "1:43: where: ‘g’ is not understood at its column 2; accepted is == != <= >= < >"
      ),
      (
        "{ title: 'T', axes: { g: [3] }, cases: ['ic8ih9oc{8/g}kh3'] }",
        "1:41: cases[0]: {8/g}: 8/3 is no integer; ‘where’ can leave it out"
      ),
      (
        "{ title: 'T', axes: { g: [0] }, cases: ['ic8ih9oc{8%g}kh3'] }",
        "1:41: cases[0]: {8%g}: 8%0 divides by zero"
      ),
      (
        "{ title: 'T', axes: { g: [9223372036854775807] }, cases: ['ic8ih9oc{g+1}kh3'] }",
        "1:59: cases[0]: {g+1}: 9223372036854775807+1 is larger than any integer"
      ),
      (
        "{ title: 'T', axes: { g: ['a'] }, cases: ['ic8ih9oc{g*2}kh3'] }",
        "1:43: cases[0]: {g*2}: g is ‘a’, which is no integer"
      ),
      (
        "{ title: 'T', axes: { g: [1] }, cases: ['ic8ih9oc{g+}kh3'] }",
        "1:41: cases[0]: ‘ic8ih9oc{g+}kh3’ is not understood at its column 12; accepted is an axis, an integer or ‘(’"
      ),
      (
        "{ title: 'T', axes: { g: [1] }, cases: ['ic8ih9oc{(g}kh3'] }",
        "1:41: cases[0]: ‘ic8ih9oc{(g}kh3’ is not understood at its column 12; accepted is ‘)’"
      ),
      (
        "{ title: 'T', axes: { g: [1] }, cases: ['ic8ih9oc{g g}kh3'] }",
        "1:41: cases[0]: ‘ic8ih9oc{g g}kh3’ is not understood at its column 12; accepted is an operator (+ - * / %) or the end"
      ),
      (
        "{ title: 'T', cases: ['ic8ih9oc{gkh3'] }",
        "1:23: cases[0]: ‘ic8ih9oc{gkh3’ is not understood at its column 9; accepted is {axis}, or doubled braces for a brace itself"
      ),
      (
        "{ title: 'T', cases: ['ic8ih9oc8}kh3'] }",
        "1:23: cases[0]: ‘ic8ih9oc8}kh3’ is not understood at its column 10; accepted is {axis}, or doubled braces for a brace itself"
      ),
      (
        "{ title: 'T', contender: 'ic8ih9oc8kh3' }",
        "1:1: ‘baseline’ is missing; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3' }",
        "1:1: ‘contender’ is missing; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 'T', comparisons: [{ contender: 'ic8ih9oc8kh3' }] }",
        "1:29: comparisons[0]: ‘baseline’ is missing; accepted is a descriptor, a list of descriptors, or an object with steps or block"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3', contenders: 'ic8ih9oc8kh3' }",
        "1:53: contenders: \"ic8ih9oc8kh3\" is not accepted; accepted is a list of contenders"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3', contenders: [] }",
        "1:53: contenders: an empty list is not accepted; accepted is a list of at least one contender"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3', contender: { exec: ['x'] } }",
        "1:52: contender: ‘name’ is missing; accepted is text in quotes"
      ),
      (
        "{ title: 'T', baseline: 'ic8ih9oc8kh3', contender: { name: 'x', exec: [] } }",
        "1:71: contender.exec: an empty list is not accepted; accepted is a list of texts, the program and its arguments"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', externalContenders: [{ name: 'x', exec: 'a' }, { name: 'x', exec: 'b' }] }",
        "1:85: externalContenders[1]: the external contender ‘x’ is not accepted; accepted is unique names"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', externalContenders: ['x'] }",
        "1:59: externalContenders[0]: \"x\" is not accepted; accepted is an object with name and exec"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', cache: 'tepid' }",
        "1:45: cache: \"tepid\" is not accepted; accepted is any of \"warm\", \"cold-filter\", \"cold\", each once"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', cache: ['warm', 'warm'] }",
        "1:54: cache[1]: \"warm\" is not accepted; accepted is any of \"warm\", \"cold-filter\", \"cold\", each once"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', workers: [1, 0] }",
        "1:51: workers[1]: 0 is not accepted; accepted is whole numbers from 1, each once"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', workers: [2, 2] }",
        "1:51: workers[1]: 2 is not accepted; accepted is whole numbers from 1, each once"
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', kernels: [] }",
        "1:47: kernels: an empty list is not accepted; accepted is a list of globs over variant ids, such as \"direct/*\" or \"best\""
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', epilogue: 'gelu' }",
        "1:48: epilogue: \"gelu\" is not accepted; accepted is \"none\", \"bias\", \"relu\", \"bias+relu\""
      ),
      (
        "{ title: 'T', cases: 'ic8ih9oc8kh3', contenderKernels: { baseline: 'x' } }",
        "1:56: contenderKernels: ‘contender’ is missing; accepted is a list of globs"
      ),
    ])
  func refusals(text: String, message: String) {
    let error = #expect(throws: SuiteError.self) {
      _ = try Suite(parsing: text, file: "f.json5", name: "f")
    }
    #expect(error?.description == "f.json5:" + message)
  }

  @Test("Axes that would expand beyond any run are refused before they do")
  func tooManyCombinations() {
    let values = (1...200).map(String.init).joined(separator: ",")
    let text = """
      { title: "T", axes: { a: [\(values)], b: [\(values)], c: [\(values)] },
        cases: ["ic{a}ih{b}oc{c}kh1"] }
      """
    let error = #expect(throws: SuiteError.self) {
      _ = try Suite(parsing: text, file: "f.json5", name: "f")
    }
    #expect(
      error?.description == "f.json5:2:11: cases[0]: the axes have too many combinations; "
        + "accepted are at most 10000")
  }

  @Test(
    "Expressions too deep or too long for the reader are refused",
    arguments: [
      String(repeating: "(", count: 500), String(repeating: "-", count: 500),
      "1" + String(repeating: "+1", count: 5000),
    ])
  func hugeExpressions(expression: String) {
    let text = "{ title: 'T', axes: { a: [1] }, cases: ['ic{\(expression)}ih9oc8kh3'] }"
    #expect(throws: SuiteError.self) { _ = try Suite(parsing: text, file: "f", name: "f") }
  }
}
