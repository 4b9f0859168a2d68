// SPDX-License-Identifier: Apache-2.0

/// Native events that stand in for presets which PAPI does not define for this CPU.
///
/// PAPI defines its presets CPU by CPU, and newer CPUs have none until a later release; the
/// kernel's own generic events exist for every CPU that Linux supports.
enum PresetFallback {
  /// Native events that count the same thing as `preset`, or nearly so; empty for other names.
  static func alternatives(to preset: String) -> [String] {
    switch preset {
    case "PAPI_TOT_INS": ["perf::INSTRUCTIONS"]
    case "PAPI_TOT_CYC": ["perf::CYCLES"]
    case "PAPI_REF_CYC": ["perf::REF-CYCLES"]
    case "PAPI_BR_INS", "PAPI_BR_CN": ["perf::BRANCH-INSTRUCTIONS"]
    case "PAPI_BR_MSP": ["perf::BRANCH-MISSES"]
    case "PAPI_L1_DCM": ["perf::L1-DCACHE-LOAD-MISSES"]
    case "PAPI_L1_DCA": ["perf::L1-DCACHE-LOADS"]
    case "PAPI_L1_ICM": ["perf::L1-ICACHE-LOAD-MISSES"]
    case "PAPI_L2_DCM", "PAPI_L2_TCM": l2Misses
    case "PAPI_L3_TCM", "PAPI_L3_DCM": ["perf::LLC-LOAD-MISSES", "perf::CACHE-MISSES"]
    case "PAPI_L3_TCA", "PAPI_L3_DCA": ["perf::LLC-LOADS", "perf::CACHE-REFERENCES"]
    case "PAPI_TLB_DM": ["perf::DTLB-LOAD-MISSES"]
    case "PAPI_TLB_IM": ["perf::ITLB-LOAD-MISSES"]
    case "PAPI_RES_STL": ["perf::STALLED-CYCLES-BACKEND"]
    case "PAPI_SP_OPS", "PAPI_FP_OPS": amdFlops
    default: []
    }
  }

  // The kernel has no generic L2 event. These are the CPU's own names: AMD Zen, Intel, Arm.
  private static let l2Misses = [
    "CORE_TO_L2_CACHEABLE_REQUEST_ACCESS_STATUS:LS_RD_BLK_C", "L2_RQSTS:MISS", "L2D_CACHE_REFILL",
  ]
  private static let amdFlops = ["RETIRED_SSE_AVX_FLOPS:ANY"]
}
