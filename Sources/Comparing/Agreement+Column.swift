// SPDX-License-Identifier: Apache-2.0

extension Agreement {
  /// A machine with a worker count and an element type.
  public struct Column: Encodable, Hashable, Sendable {
    /// A letter; what the table has in its header.
    public var label: String
    /// Number of the machine among those of `facts`.
    public var machine: Int
    /// The machine in words, and its CPU set where that is not all of it.
    public var name: String
    /// Workers that computed together.
    public var workers: Int
    /// The element type; empty where the run has no such column.
    public var dataType: String
    /// When its newest run began, ISO 8601.
    public var startedAt: String
    /// The folders of its runs.
    public var paths: [String]

    /// What the letter stands for, in one line.
    public var text: String {
      let workers = "\(workers) worker\(workers == 1 ? "" : "s")"
      return ([name, workers] + (dataType.isEmpty ? [] : [dataType])).joined(separator: ", ")
    }

    /// The columns of each machine in order, with their rows.
    static func all(_ sides: [Side]) -> [(column: Column, rows: [StoredComparison])] {
      var found: [(column: Column, rows: [StoredComparison])] = []
      let names = sides.map(\.machine.name)
      for (number, side) in sides.enumerated() {
        let isNamedTwice = names.count { $0 == names[number] } > 1
        let groups = Dictionary(grouping: side.rows) {
          Kind(workers: $0.workers, type: $0.dataType)
        }
        for (kind, rows) in groups.sorted(by: { $0.key < $1.key }) {
          let column = Column(
            label: label(found.count), machine: number,
            name: isNamedTwice ? side.machine.longName : names[number], workers: kind.workers,
            dataType: kind.type, startedAt: side.runs.map(\.startedAt).max() ?? "",
            paths: side.runs.map(\.path))
          found.append((column, rows))
        }
      }
      return found
    }

    /// `A`, `B`, … `Z`, `AA`, `AB` and so on.
    private static func label(_ number: Int) -> String {
      let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
      let last = String(letters[number % letters.count])
      return number < letters.count ? last : label(number / letters.count - 1) + last
    }

    private struct Kind: Hashable, Comparable {
      var workers: Int
      var type: String

      static func < (left: Kind, right: Kind) -> Bool {
        (left.workers, left.type) < (right.workers, right.type)
      }
    }
  }
}
