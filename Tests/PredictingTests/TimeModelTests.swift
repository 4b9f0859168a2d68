// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Measuring
import Statistics
import Testing

@testable import Predicting

@Suite("Predicting times")
struct TimeModelTests {
  private static func kernel(_ problem: ConvolutionProblem) -> VariantIdentity {
    VariantIdentity(
      family: problem.isDepthwise ? "depthwise" : "direct", layout: "nchw16c",
      instructionSet: .avx512)
  }

  private static func task(_ problem: ConvolutionProblem, workers: Int = 1) -> TimeModel.Task {
    TimeModel.Task(
      ConvolutionOperation(problem), workers: workers, kernel: kernel(problem),
      cycles: Double(CostModel(problem).macs) / Double(16 * workers))
  }

  /// Nanoseconds on a machine of 3 GHz whose memory and narrow layers cost something, with noise.
  private static func time(_ task: TimeModel.Task, _ generator: inout SplitMix64) -> Double {
    let cost = CostModel(task.operation.problem)
    let memory = Double(cost.trafficBytes) / 20
    let narrow = 1 + 4 / Double(task.operation.problem.inChannelsPerGroup)
    let noise = 1 + 0.02 * (Double(generator.next() >> 11) * 0x1p-52 - 1)
    return (task.cycles / 3 * narrow + memory + 500) * noise
  }

  private static func times(_ count: Int, seed: UInt64) -> [MeasuredTime] {
    var drawn = DrawnProblems(seed: seed)
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let task = task(drawn.next())
      return MeasuredTime(
        task.operation, workers: task.workers, kernel: task.kernel, cycles: task.cycles,
        nanoseconds: time(task, &generator), date: "d", build: "b")
    }
  }

  @Test("most times of other seeds are near, and the intervals hold what they promise")
  func accuracy() throws {
    let model = try #require(TimeModel(Self.times(240, seed: 1)))
    let others = Self.times(200, seed: 77)
    var near = 0, inside = 0
    for time in others {
      let task = TimeModel.Task(
        time.operation, workers: time.workers, kernel: time.kernel, cycles: time.cycles)
      let found = model.predict(task)
      if abs(found.nanoseconds / time.nanoseconds - 1) <= 0.1 { near += 1 }
      if (found.lower...found.upper).contains(time.nanoseconds) { inside += 1 }
    }
    #expect(near >= 180, "\(near) of 200")
    #expect(inside >= 178, "\(inside) of 200")
    #expect(model.shareWithin(0.1) > 0.85)
    #expect(model.typicalError < 0.06)
    #expect(model.count == 240)
  }

  @Test("too few times predict nothing")
  func tooFew() {
    #expect(TimeModel(Self.times(TimeModel.fewest - 1, seed: 1)) == nil)
    #expect(TimeModel(Self.times(TimeModel.fewest, seed: 1)) != nil)
  }

  @Test("a problem unlike all that was measured is outside, and so is a kernel that never was")
  func outside() throws {
    let times = Self.times(120, seed: 1)
    let model = try #require(TimeModel(times))
    let known = times[5]
    let same = TimeModel.Task(
      known.operation, workers: 1, kernel: known.kernel, cycles: known.cycles)
    #expect(!model.predict(same).isOutside)
    var other = same
    other.kernel = VariantIdentity(family: "winograd", layout: "nchw16c", instructionSet: .avx512)
    #expect(model.predict(other).isOutside)
    let huge = try ConvolutionProblem(
      inChannels: 4096, outChannels: 4096, input: Extent(1, 4000), kernel: Extent(1, 31))
    #expect(model.predict(Self.task(huge)).isOutside)
    #expect(model.doubt(Self.task(huge)) > model.doubt(same))
  }

  @Test("layers add up, and so do their intervals, but not beyond all at their ends")
  func sums() throws {
    let model = try #require(TimeModel(Self.times(120, seed: 1)))
    var drawn = DrawnProblems(seed: 9)
    let tasks = (1...12).map { (task: Self.task(drawn.next()), times: $0) }
    let all = model.predict(tasks)
    let singles = tasks.map { (model.predict($0.task), Double($0.times)) }
    let sum = singles.reduce(0) { $0 + $1.0.nanoseconds * $1.1 }
    #expect(abs(all.nanoseconds / sum - 1) < 1e-9)
    #expect(all.lower >= singles.reduce(0) { $0 + $1.0.lower * $1.1 } * 0.999)
    #expect(all.upper <= singles.reduce(0) { $0 + $1.0.upper * $1.1 } * 1.001)
    // The same layer several times is one error, not several that cancel.
    let one = model.predict([(tasks[0].task, 1)]), five = model.predict([(tasks[0].task, 5)])
    #expect(abs(five.upper / five.nanoseconds - one.upper / one.nanoseconds) < 1e-9)
  }

  @Test("problems of a seed are the same each time, of every kind, and small enough to measure")
  func drawn() {
    var first = DrawnProblems(seed: 4), second = DrawnProblems(seed: 4)
    let problems = (0..<60).map { _ in first.next() }
    #expect(problems == (0..<60).map { _ in second.next() })
    var other = DrawnProblems(seed: 5)
    #expect(problems != (0..<60).map { _ in other.next() })
    #expect(problems.contains { $0.isDepthwise })
    #expect(problems.contains { $0.groups > 1 && !$0.isDepthwise })
    #expect(problems.contains { $0.kernel.area == 1 })
    #expect(problems.contains { $0.dilation.height > 1 })
    #expect(problems.contains { $0.inChannels <= 4 })
    #expect(problems.allSatisfy { (200_000...1_000_000_000).contains(CostModel($0).macs) })
  }
}
