// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("The files in suites/")
struct SuiteFilesTests {
  @Test("Every file is read, and every comparison finds its cases", arguments: SuiteFolder.names)
  func everyFileResolves(name: String) throws {
    let suite = try SuiteFolder.library.suite(name)
    #expect(suite.name == name)
    #expect(!suite.question.isEmpty)
    #expect(!suite.source.isEmpty)
    #expect(Set(suite.cases.map(\.name)).count == suite.cases.count)
    for comparison in suite.comparisons {
      let baseline = try #require(suite.suiteCase(named: comparison.baselineCase))
      let contender = try #require(suite.suiteCase(named: comparison.contenderCase))
      #expect(Set(comparison.axes.keys).isSubset(of: suite.axisNames))
      // What papers compared at equal arithmetic has other channels.
      if name.hasPrefix("rules/") { continue }
      // What a comparison sets against each other reads the same input and writes the same output.
      #expect(baseline.inputShape == contender.inputShape)
      #expect(
        baseline.outputShape == contender.outputShape || name == "dense-connectivity",
        "only dense blocks grow")
      // What these ask is what something more costs.
      let isAddition = [
        "residual", "squeeze-excitation", "dense-connectivity", "separable-orders", "deformable",
      ].contains(name)
      #expect(baseline.cost.macs >= contender.cost.macs || isAddition)
    }
  }

  @Test("The library lists every file, and ‘all’ reads them all")
  func libraryListsAll() throws {
    #expect(try SuiteFolder.library.names().sorted() == SuiteFolder.names)
    #expect(try SuiteFolder.library.suites(["all"]).map(\.name).sorted() == SuiteFolder.names)
  }

  @Test("The questions are not asked of other shapes than the design says")
  func expectedAxes() throws {
    let groups = try SuiteFolder.library.suite("group-vs-standard")
    #expect(groups.axisNames == ["channels", "size", "groups"])
    #expect(groups.comparisons.count == 8 + 7)
    #expect(groups.comparisons[0].name == "channels=256 size=28 groups=2")
    #expect(groups.comparisons[0].baselineCase == "ic256ih28oc256kh3ph1")
    #expect(groups.comparisons[0].contenderCase == "g2ic256ih28oc256kh3ph1")
    let small = try SuiteFolder.library.suite("small-vs-large")
    #expect(Set(small.comparisons.compactMap { $0.axes["receptive_field"] }).count == 6)
    let dilated = try SuiteFolder.library.suite("dilated-vs-large")
    let fields = Set(dilated.cases.flatMap { $0.steps.map { $0.problem.dilatedKernel.height } })
    #expect(fields == [5, 7, 9, 11, 13, 15])
  }
}
