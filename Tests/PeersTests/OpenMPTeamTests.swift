// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  import Convolution
  import Glibc
  import Testing

  @testable import Peers

  @Suite("OpenMP threads")
  struct OpenMPTeamTests {
    @Test(
      "each thread has a CPU of its own while a round lasts, and is gone after it",
      .enabled(if: WorkerCPUs.first(2).count == 2, "needs two CPUs"))
    func threadsArePinnedAndEnd() throws {
      let openMP = try #require(OpenMP())
      let cpus = WorkerCPUs.first(2)
      let team = OpenMPTeam(openMP, cpus: cpus)
      let report = ThreadReport()
      team.start.run(team.start.context, 0, 1, 0)
      openMP.parallel({ ThreadReport.add(to: $0) }, report.opaque, 2, 0)
      team.end.run(team.end.context, 0, 1, 0)
      #expect(Array(report.ofOthers.values) == ["\(cpus[1])"])
      for thread in report.ofOthers.keys { #expect(isGone(thread)) }
    }

    /// Joined is not gone: the kernel wakes who joins a thread before it takes it out of /proc.
    private func isGone(_ thread: CInt) -> Bool {
      for _ in 0..<5000 {
        if access("/proc/self/task/\(thread)", F_OK) != 0 { return true }
        usleep(1000)
      }
      return false
    }

    @Test("the number of threads is put back")
    func numberIsRestored() throws {
      let openMP = try #require(OpenMP())
      let before = openMP.threads()
      openMP.withThreads(Int(before) + 1) { #expect(openMP.threads() == before + 1) }
      #expect(openMP.threads() == before)
    }
  }
#endif
