// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Which answers of stored runs hold on all machines, worker counts and element types, and which
/// turn over.
///
/// Nothing is judged anew: each run's verdicts stand, with the margin of its own machine.
public struct Agreement: Encodable, Sendable {
  /// What the columns say about a comparison together.
  public enum Answer: String, CaseIterable, Encodable, Sendable {
    /// Two columns have decided it, and not alike.
    case differs
    /// Every column that has it has decided it alike.
    case holds = "holds everywhere"
    /// None contradicts another, and one at least has not decided it.
    case undecided
  }

  /// A comparison over all columns.
  public struct Row: Encodable, Sendable {
    /// The suite.
    public var suite: String
    /// The comparison's name, with the kernels where one name has several pairs of them.
    public var name: String
    /// Cache state.
    public var cache: String
    /// What each column says; nil where it has no such row.
    public var cells: [StoredComparison?]
    /// What they say together.
    public var answer: Answer

    /// The smallest and the largest realised share; nil where nothing is promised.
    public var realised: ClosedRange<Double>? {
      let shares = cells.compactMap { $0?.realised }
      guard let least = shares.min(), let most = shares.max() else { return nil }
      return least...most
    }
  }

  /// A fact about the surroundings that is not the same everywhere.
  public struct Fact: Encodable, Sendable {
    /// The key inside `environment` of run.json, `libraries.NAME`, or what was measured.
    public var key: String
    /// What each machine has; nil where its run says nothing.
    public var values: [String?]
    /// Whether it can change times, as the CPU does and the folder of a library does not.
    public var isOfMachine: Bool
  }

  /// One machine's part: its runs that have no comparison in common.
  struct Side: Sendable {
    var machine: MachineIdentity
    var runs: [StoredRun]
    var rows: [StoredComparison]
  }

  /// The columns.
  public let columns: [Column]
  /// Comparisons that two columns at least have: those that differ first.
  public let rows: [Row]
  /// `1 differs, 40 hold everywhere, 2 undecided of 43 comparisons`.
  public let sentence: String
  /// How many comparisons one column alone has.
  public let alone: Int
  /// What is not the same on all machines, by machine: what can change times first.
  public let facts: [Fact]

  /// Sets the runs side by side.
  /// - Requires: at least one run.
  /// - Throws: `ComparingError.nothingShared`, or what their comparisons.csv are not.
  public init(_ runs: [StoredRun]) throws(ComparingError) {
    let sides = try Self.sides(runs)
    let columns = Column.all(sides)
    self.columns = columns.map(\.column)
    let all = Self.rows(columns.map(\.rows))
    rows = Answer.allCases.flatMap { answer in all.filter { $0.answer == answer } }
      .filter { $0.cells.count { $0 != nil } > 1 }
    alone = all.count - rows.count
    sentence = Self.sentence(rows, alone: alone)
    facts = Self.facts(sides)
    guard !rows.isEmpty else { throw .nothingShared(runs.map(\.path)) }
  }

  private static func sentence(_ rows: [Row], alone: Int) -> String {
    let parts = Answer.allCases.compactMap { answer -> String? in
      let count = rows.count { $0.answer == answer }
      let words = [
        Answer.differs: ["differs", "differ"], .holds: ["holds everywhere", "hold everywhere"],
      ]
      let word = words[answer].map { $0[count == 1 ? 0 : 1] } ?? answer.rawValue
      return count == 0 ? nil : "\(count) \(word)"
    }
    return parts.joined(separator: ", ") + " of \(rows.count) comparisons"
      + (alone > 0 ? "; \(alone) more in one column only" : "")
  }

  /// Runs of one machine that have nothing in common are its parts, as the suites of a fleet are.
  private static func sides(_ runs: [StoredRun]) throws(ComparingError) -> [Side] {
    var sides: [Side] = []
    for run in runs {
      let rows = try run.comparisons()
      let keys = Set(rows.map(RowKey.init))
      let machine = MachineIdentity(run)
      let place = sides.firstIndex { side in
        side.machine == machine && !side.rows.contains { keys.contains(RowKey($0)) }
      }
      if let place {
        sides[place].runs.append(run)
        sides[place].rows += rows
      } else {
        sides.append(Side(machine: machine, runs: [run], rows: rows))
      }
    }
    return sides
  }

  /// What makes rows of several columns the same question.
  private struct RowKey: Hashable {
    var suite, name, cache: String
    var kernels = ""

    init(_ row: StoredComparison) { (suite, name, cache) = (row.suite, row.name, row.cache) }

    /// With the kernels of `row` where a column has several: each machine picks its own, so these
    /// tell rows apart only there.
    func telling(_ row: StoredComparison, apartBy several: SeveralKernels) -> RowKey {
      var key = self
      key.kernels = [
        several.baselines.contains(self) ? row.baselineKernel : nil,
        several.contenders.contains(self) ? row.contenderKernel : nil,
      ].compactMap { $0 }.joined(separator: " / ")
      return key
    }
  }

  /// The questions that a column answers with several kernels.
  private struct SeveralKernels {
    var baselines: Set<RowKey> = []
    var contenders: Set<RowKey> = []

    init(_ columns: [[StoredComparison]]) {
      for column in columns {
        for (key, rows) in Dictionary(grouping: column, by: RowKey.init) {
          if Set(rows.map(\.baselineKernel)).count > 1 { baselines.insert(key) }
          if Set(rows.map(\.contenderKernel)).count > 1 { contenders.insert(key) }
        }
      }
    }
  }

  private static func rows(_ columns: [[StoredComparison]]) -> [Row] {
    let several = SeveralKernels(columns)
    var order: [RowKey] = []
    var cells: [RowKey: [StoredComparison?]] = [:]
    for (place, column) in columns.enumerated() {
      for row in column {
        let key = RowKey(row).telling(row, apartBy: several)
        if cells[key] == nil {
          order.append(key)
          cells[key] = Array(repeating: nil, count: columns.count)
        }
        cells[key]?[place] = row
      }
    }
    return order.map { key in
      let own = cells[key] ?? []
      return Row(
        suite: key.suite, name: key.kernels.isEmpty ? key.name : "\(key.name), \(key.kernels)",
        cache: key.cache, cells: own, answer: answer(own.compactMap { $0 }))
    }
  }

  private static func answer(_ cells: [StoredComparison]) -> Answer {
    let decided = Set(cells.filter(\.isDecided).map(\.verdict))
    if decided.count > 1 { return .differs }
    return cells.allSatisfy(\.isDecided) ? .holds : .undecided
  }

  private static func facts(_ sides: [Side]) -> [Fact] {
    let known = sides.map { side in
      side.runs[0].environment.merging(side.runs[0].measuredLimits) { first, _ in first }
    }
    let keys = known.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
      .subtracting(EnvironmentDifference.volatileKeys)
    let facts = keys.sorted().map { key in
      Fact(
        key: key, values: known.map { $0[key] },
        isOfMachine: StoredRun.limitKeys.contains(key)
          || EnvironmentDifference(key: key, first: "", second: "").isOfMachine)
    }.filter { Set($0.values).count > 1 }
    return facts.filter(\.isOfMachine) + facts.filter { !$0.isOfMachine }
  }
}
