// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackageDescription

/// Every Swift target: warnings are errors, imports are explicit and internal unless said.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Modules without raw pointers of their own also check memory safety.
let safe = strict + [.strictMemorySafety()]

/// Set by `ci/fuzz.sh`: libFuzzer's instrumentation for every module that reads texts of others,
/// and the program that feeds them.
let isFuzzing = Context.environment["CONVSCOPE_FUZZING"] != nil

/// The modules that read what others wrote, as far as the plan.
let readers = [
  "Comparing", "Convolution", "Counters", "ExternalPeers", "Gating", "Inputs", "Measuring",
  "Planning", "Reporting", "Suites",
]

/// One row per instruction set: the same kernel source, compiled for another CPU.
///
/// LLVM must unroll register blocks of up to 28 accumulators completely; its default threshold
/// stops at about half of that and leaves the accumulators in memory.
func kernels(
  _ name: String, define: String, march: String, features: [String] = []
) -> Target {
  .target(
    name: name,
    dependencies: ["Convolution", "CVector"],
    swiftSettings: strict + [
      .define(define),
      .unsafeFlags(
        (["-march=\(march)"] + features.map { "-m\($0)" }).flatMap { ["-Xcc", $0] }
          + ["-Xllvm", "-unroll-threshold=4000"]),
    ])
}

/// The kernel modules of the architecture that builds, which is the one that it builds for.
#if arch(arm64)
  let kernelTargets = [
    kernels("KernelsNEON", define: "KERNELS_NEON", march: "armv8-a"),
    kernels("NarrowKernelsNEON", define: "NARROW_NEON", march: "armv8-a"),
  ]
#else
  let kernelTargets = [
    kernels("KernelsBaseline", define: "KERNELS_BASELINE", march: "x86-64"),
    kernels("KernelsAVX2", define: "KERNELS_AVX2", march: "x86-64-v3"),
    kernels("KernelsAVX512", define: "KERNELS_AVX512", march: "x86-64-v4"),
    // Of bf16 and integers.
    kernels("NarrowKernelsBaseline", define: "NARROW_BASELINE", march: "x86-64"),
    kernels("NarrowKernelsAVX2", define: "NARROW_AVX2", march: "x86-64-v3"),
    kernels(
      "NarrowKernelsAVX512BF16", define: "NARROW_AVX512BF16", march: "x86-64-v4",
      features: ["avx512bf16", "avx512vnni"]),
  ]
#endif

/// Whether the installed oneDNN has another C API than the one that our calls are written for.
///
/// Only where its header says so: one that lies elsewhere says it to the compiler, see `shim.h`.
let leavesOutOneDNN: Bool = {
  let header = try? String(
    contentsOfFile: "/usr/include/oneapi/dnnl/dnnl_version.h", encoding: .utf8)
  let line = header?.split(separator: "\n").first { $0.hasPrefix("#define DNNL_VERSION_MAJOR ") }
  guard let version = line?.split(separator: " ").last, version != "2" else { return false }
  // SwiftPM shows it as a warning.
  print("oneDNN is left out: version \(version) is installed, and its calls are written for 2")
  return true
}()
let oneDNN: [Target.Dependency] =
  leavesOutOneDNN ? [] : [.target(name: "COneDNN", condition: .when(traits: ["OneDNN"]))]
let peers = strict + (leavesOutOneDNN ? [.define("ONEDNN_LEFT_OUT")] : [])

let package = Package(
  name: "ConvScope",
  products: [.executable(name: "convscope", targets: ["convscope"])],
  traits: [
    .trait(name: "OneDNN", description: "Measure oneDNN in process (needs libdnnl-dev)."),
    .trait(name: "XNNPACK", description: "Measure XNNPACK in process (needs libxnnpack-dev)."),
  ],
  targets: [
    .target(name: "Boundary", swiftSettings: strict),
    .target(name: "CPlatform"),
    .target(name: "Machine", dependencies: ["Inputs"], swiftSettings: safe),
    .target(name: "Children", dependencies: ["CPlatform"], swiftSettings: strict),
    .target(name: "CVector"),
    .target(name: "CPAPI"),
    .systemLibrary(name: "COpenBLAS"),
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CXNNPACK"),
    .target(name: "Inputs", dependencies: ["Boundary"], swiftSettings: strict),
    .target(name: "Convolution", dependencies: ["Boundary", "Inputs"], swiftSettings: strict),
    .target(
      name: "Peers",
      dependencies: [
        "Convolution", "COpenBLAS", "CPlatform",
        .target(name: "CXNNPACK", condition: .when(traits: ["XNNPACK"])),
      ] + oneDNN,
      swiftSettings: peers),
    .target(
      name: "ExternalPeers",
      dependencies: ["Boundary", "Inputs", "Children", "Convolution", "CPlatform"],
      swiftSettings: strict),
    .target(
      name: "KernelCatalog",
      dependencies: ["Convolution", "Peers", "CPlatform", "Machine"]
        + kernelTargets.map { .target(name: $0.name) },
      swiftSettings: strict),
    .target(
      name: "Blocks", dependencies: ["Convolution", "KernelCatalog"], swiftSettings: strict),
    .target(name: "Statistics", swiftSettings: safe),
    .target(
      name: "Comparing", dependencies: ["Boundary", "Inputs", "Statistics", "Machine"],
      swiftSettings: safe),
    .target(
      name: "Suites", dependencies: ["Boundary", "Inputs", "Convolution"], swiftSettings: safe),
    .target(name: "Planning", dependencies: ["Suites", "Convolution"], swiftSettings: safe),
    .target(
      name: "Workers", dependencies: ["Boundary", "Inputs", "CPlatform", "Machine"],
      swiftSettings: strict),
    .target(
      name: "Counters", dependencies: ["Boundary", "Inputs", "CPAPI"], swiftSettings: strict),
    .target(
      name: "Measuring",
      dependencies: [
        "Boundary", "Inputs", "Planning", "Suites", "Workers", "Counters", "Statistics",
        "Convolution",
        "ExternalPeers", "Machine", "Children", "CPlatform",
      ],
      swiftSettings: strict),
    .target(
      name: "Predicting",
      dependencies: ["Inputs", "Convolution", "Statistics", "Measuring"], swiftSettings: safe),
    .target(name: "Advising", dependencies: ["Convolution", "Suites"], swiftSettings: safe),
    .target(
      name: "Reporting",
      dependencies: [
        "Boundary", "Inputs", "Measuring", "Predicting", "Advising", "Planning", "Suites",
        "Statistics", "Counters",
        "Convolution",
        "Machine",
      ],
      swiftSettings: safe),
    .target(
      name: "Gating",
      dependencies: [
        "Boundary", "Inputs", "Comparing", "Statistics", "Suites", "Planning", "Measuring",
        "ExternalPeers", "Convolution", "Children",
      ],
      swiftSettings: safe),
    .executableTarget(
      name: "convscope",
      dependencies: [
        "Boundary", "Inputs", "Convolution", "KernelCatalog", "Blocks", "Statistics", "Suites",
        "Planning", "Predicting", "Advising",
        "Workers", "Counters", "Measuring", "Reporting", "ExternalPeers", "Comparing", "Gating",
        "Machine", "Children", "CPlatform",
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Statistics", "Children"], path: "Tests/TestSupport",
      swiftSettings: safe),
    .testTarget(name: "BoundaryTests", dependencies: ["Boundary"], swiftSettings: strict),
    .testTarget(
      name: "KernelCatalogTests", dependencies: ["Convolution", "KernelCatalog", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "BlocksTests", dependencies: ["Blocks", "Convolution", "KernelCatalog", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ConvolutionTests", dependencies: ["Convolution", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SuitesTests", dependencies: ["Suites", "Convolution"], swiftSettings: strict),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: strict),
    .testTarget(
      name: "ComparingTests", dependencies: ["Comparing", "Inputs", "Statistics"],
      swiftSettings: strict),
    .testTarget(
      name: "GatingTests",
      dependencies: [
        "Gating", "Comparing", "Inputs", "Statistics", "Suites", "Planning", "Measuring",
        "ExternalPeers", "Convolution", "TestSupport", "convscope",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PeersTests",
      dependencies: [
        "Peers", "Convolution", "COpenBLAS", "CPlatform", "TestSupport",
        .target(name: "CXNNPACK", condition: .when(traits: ["XNNPACK"])),
      ],
      swiftSettings: peers),
    .testTarget(
      name: "ExternalPeersTests",
      dependencies: [
        "ExternalPeers", "Convolution", "Children", "CPlatform", "convscope", "TestSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "CountersTests", dependencies: ["Counters", "Workers", "TestSupport", "convscope"],
      swiftSettings: strict),
    .testTarget(name: "MachineTests", dependencies: ["Machine"], swiftSettings: strict),
    .testTarget(name: "InputsTests", dependencies: ["Inputs"], swiftSettings: strict),
    .testTarget(
      name: "FuzzingTests", dependencies: readers.map { .init(stringLiteral: $0) },
      exclude: ["Corpus", "Dictionaries"], swiftSettings: strict),
    .testTarget(
      name: "ChildrenTests", dependencies: ["Children", "CPlatform", "convscope"],
      swiftSettings: strict),
    .testTarget(
      name: "FaultsTests", dependencies: ["TestSupport", "convscope"], swiftSettings: strict),
    .testTarget(
      name: "WorkersTests", dependencies: ["Workers", "CPlatform"], swiftSettings: strict),
    .testTarget(
      name: "PlanningTests", dependencies: ["Planning", "Suites", "Convolution"],
      swiftSettings: strict),
    .testTarget(
      name: "MeasuringTests",
      dependencies: [
        "Measuring", "Planning", "Suites", "Workers", "Counters", "Statistics", "Convolution",
        "Machine", "ExternalPeers", "Children",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "PredictingTests",
      dependencies: ["Predicting", "Measuring", "Convolution", "Statistics"],
      swiftSettings: strict),
    .testTarget(
      name: "AdvisingTests", dependencies: ["Advising", "Suites", "Convolution"],
      swiftSettings: strict),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "Inputs", "Predicting", "Advising", "Measuring", "Planning", "Suites",
        "Statistics", "Counters", "Convolution",
      ],
      swiftSettings: strict),
  ] + kernelTargets
)

if isFuzzing {
  package.targets += [
    .target(name: "CFuzzing", path: "Tests/CFuzzing"),
    .executableTarget(
      name: "fuzz", dependencies: (["CFuzzing"] + readers).map { .init(stringLiteral: $0) },
      path: "Tests/Fuzzing",
      swiftSettings: strict),
  ]
  for target in package.targets where readers.contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=fuzzer"])]
  }
}
