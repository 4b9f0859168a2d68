// SPDX-License-Identifier: Apache-2.0

internal import Workers

/// The pools of a serving process: one for each number of workers on each list of CPUs.
///
/// A problem keeps the pool that it was prepared on. Pools are kept for later problems, too, as many
/// as a harness in its right mind asks for; their workers sleep meanwhile.
struct ServingPools {
  private struct Key: Hashable {
    var workers: Int
    var cpus: [Int]
  }

  private var pools: [Key: WorkerPool] = [:]

  /// Beyond so many, pools that no problem keeps end.
  private static let most = 16

  /// The pool of `workers` workers on the first of `cpus`; where the harness leaves those open, on
  /// the first that this process may use.
  /// - Throws: `SubjectFailure.failed` for a request that no pool can meet, `WorkerError`.
  mutating func pool(workers: Int, cpus: [Int]) throws -> WorkerPool {
    let usable = cpus.isEmpty ? AvailableCPUs.ids() : cpus
    guard (1...max(1, usable.count)).contains(workers) else {
      throw SubjectFailure.failed(
        "workers is \(workers); accepted are 1 to \(usable.count), "
          + (cpus.isEmpty ? "the CPUs of this process" : "as cpus names \(usable.count)"))
    }
    guard Set(cpus).count == cpus.count else {
      throw SubjectFailure.failed("cpus is \(cpus); accepted is each CPU once")
    }
    let key = Key(workers: workers, cpus: Array(usable.prefix(workers)))
    if let pool = pools[key] { return pool }
    if pools.count >= Self.most {
      pools = pools.filter { !isKnownUniquelyReferenced(&pools[$0.key]) }
    }
    // Whoever is measured next runs on the same CPUs.
    let pool = try WorkerPool(count: workers, cpus: key.cpus, sleepsAtOnce: true)
    pools[key] = pool
    return pool
  }
}
