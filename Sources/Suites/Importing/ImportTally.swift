// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Collects the problems of an imported file; equal ones become one case of higher multiplicity.
struct ImportTally {
  private(set) var cases: [SuiteCase] = []
  private var caseIndex: [String: Int] = [:]
  private var remarks: [String: (file: String, line: Int?, count: Int)] = [:]
  private var remarkOrder: [String] = []

  /// Adds an occurrence of a problem.
  mutating func add(_ named: NamedProblem, epilogue: Epilogue = Epilogue()) {
    var suiteCase = SuiteCase(
      name: SuiteCase.derivedName([named], epilogue), steps: [named], epilogue: epilogue,
      multiplicity: named.multiplicity)
    if let index = caseIndex[suiteCase.name], !cases[index].computesSame(as: suiteCase) {
      // Another problem of the same name: the descriptor tells them apart.
      suiteCase.name += " " + suiteCase.descriptor
    }
    if let index = caseIndex[suiteCase.name] {
      cases[index].multiplicity += named.multiplicity
      cases[index].steps[0].multiplicity += named.multiplicity
    } else {
      caseIndex[suiteCase.name] = cases.count
      cases.append(suiteCase)
    }
  }

  /// Refuses a file with more different problems than a suite may have cases.
  func checkCount(file: String, line: Int) throws(SuiteError) {
    guard cases.count <= SuiteLimits.mostCases else {
      throw .tooMany(
        place: SuitePlace(file: file, line: line, column: 1, keyPath: ""),
        what: "different problems", accepted: SuiteLimits.mostCases)
    }
  }

  /// Remarks on a line that is left out; equal remarks become one note, at the first of them.
  mutating func remark(_ text: String, file: String, line: Int? = nil) {
    if remarks[text] == nil { remarkOrder.append(text) }
    let first = remarks[text] ?? (file, line, 0)
    remarks[text] = (first.file, first.line, first.count + 1)
  }

  /// The remarks, in order.
  var notes: [SuiteNote] {
    remarkOrder.compactMap { text in
      remarks[text].map { first in
        let times = first.count > 1 ? " (\(first.count) times)" : ""
        return SuiteNote(file: first.file, line: first.line, text: text + times)
      }
    }
  }

  /// The suite of what was collected.
  ///
  /// `missing` says how many convolutions of a model were not; where nothing was, the error names
  /// them all.
  /// - Throws: `SuiteError.nothingToMeasure` where that is nothing.
  func suite(
    name: String, title: String, source: String, accepted: String, missing: Int = 0
  ) throws(SuiteError) -> Suite {
    guard !cases.isEmpty else {
      throw .nothingToMeasure(
        file: source, leftOut: notes.prefix(missing > 0 ? notes.count : 3).map(\.text),
        accepted: accepted)
    }
    if let often = cases.first(where: { !SuiteNumbers.counts.contains($0.multiplicity) }) {
      throw .invalidValue(
        place: SuitePlace(file: source, line: 1, column: 1, keyPath: ""),
        value: "\(often.name), which comes \(often.multiplicity) times,",
        accepted: SuiteNumbers.accepted)
    }
    return Suite(
      name: name, title: title, source: source, cases: cases, notes: notes, missing: missing)
  }
}
