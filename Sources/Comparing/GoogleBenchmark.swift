// SPDX-License-Identifier: Apache-2.0

/// The file that Google Benchmark writes with `--benchmark_out_format=json`.
struct GoogleBenchmark: Encodable {
  var context: Context
  var benchmarks: [Repetition]

  /// Where and when.
  struct Context: Encodable {
    var date: String
    var hostName = ""
    var executable = "convscope"
    var numCPUs: Int
    var schema = 1

    enum CodingKeys: String, CodingKey {
      case date, executable
      case hostName = "host_name"
      case numCPUs = "num_cpus"
      case schema = "json_schema_version"
    }
  }

  /// One round of one case.
  struct Repetition: Encodable {
    var name: String
    var runName: String
    var runType = "iteration"
    var familyIndex: Int
    var instanceIndex = 0
    var repetitions: Int
    var repetitionIndex: Int
    var threads: Int
    var iterations: Int
    var realTime: Double
    var cpuTime: Double
    var timeUnit = "ns"

    init(_ one: StoredCase, family: Int, index: Int, time: Double) {
      name = RunExport.name(one.key)
      runName = name
      familyIndex = family
      repetitions = one.samples.count
      repetitionIndex = index
      threads = one.key.workers
      iterations = one.iterations
      realTime = time
      cpuTime = time
    }

    enum CodingKeys: String, CodingKey {
      case name, repetitions, threads, iterations
      case runName = "run_name"
      case runType = "run_type"
      case familyIndex = "family_index"
      case instanceIndex = "per_family_instance_index"
      case repetitionIndex = "repetition_index"
      case realTime = "real_time"
      case cpuTime = "cpu_time"
      case timeUnit = "time_unit"
    }
  }
}
