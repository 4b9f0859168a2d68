// SPDX-License-Identifier: Apache-2.0

import Convolution
import TestSupport
import Testing

@Suite("bf16")
struct BFloat16Tests {
  @Test("Each bit pattern is the float of these upper bits, and comes back")
  func everyPattern() {
    for bits in UInt16.min...UInt16.max {
      let number = BFloat16(bits: bits)
      let back = BFloat16(number.value)
      if number.value.isNaN {
        #expect(back.value.isNaN && back.bits == bits | 0x40)
      } else {
        #expect(back == number)
      }
    }
  }

  @Test(
    "Floats go to the nearest number, halves to the even one, too large ones to infinity",
    arguments: [
      (1 as Float, 0x3F80), (1.003_906_25, 0x3F80), (1.011_718_75, 0x3F82), (1.004, 0x3F81),
      (-1.003_906_25, 0xBF80), (3.389e38, 0x7F7F), (3.397e38, 0x7F80), (-.infinity, 0xFF80),
      (0x1p-133, 0x0001), (0x1p-134, 0x0000), (-0.0, 0x8000),
    ] as [(Float, UInt16)])
  func rounding(value: Float, bits: UInt16) {
    #expect(BFloat16(value).bits == bits)
  }

  @Test("Rounding loses at most half a unit of the last place")
  func unit() {
    var generator = SeededGenerator(seed: 16)
    for _ in 0..<10_000 {
      let value = Float.random(in: -100...100, using: &generator)
      let error = abs(Double(BFloat16(value).value) - Double(value))
      #expect(error <= BFloat16.roundingUnit * abs(Double(value)), "\(value)")
    }
  }

  @Test("Activations keep rounded values and their padding, in every layout")
  func activations() throws {
    let shape = ActivationShape(batch: 2, channels: 5, extent: Extent(3, 3))
    let values = (0..<shape.count).map { Float($0) + 0.5 }
    for layout in [Layout.nchw, .nhwc, .channelBlocked(lanes: 8)] {
      let activation = try Activation(shape, layout: layout, type: .bf16, isGuarded: true)
      #expect(activation.buffer.bytes == 2 * layout.count(shape))
      activation.load(values)
      #expect(activation.values() == values.map { BFloat16($0).value })
      activation.fill(.nan)
      let isNaN = activation.values().allSatisfy { $0.isNaN }
      #expect(isNaN)
      #expect(activation.buffer.guardsAreIntact)
    }
  }

  @Test("Copies into another layout keep the numbers")
  func reorders() throws {
    let shape = ActivationShape(batch: 2, channels: 37, extent: Extent(3, 5))
    let values = (0..<shape.count).map { Float($0 % 251) }
    for (from, to) in [
      (Layout.nchw, Layout.nhwc), (.nhwc, .channelBlocked(lanes: 16)),
      (.channelBlocked(lanes: 8), .nchw),
    ] {
      let source = try Activation(shape, layout: from, type: .bf16)
      let target = try Activation(shape, layout: to, type: .bf16)
      source.load(values)
      let prepared = LayoutConversion(from: source, to: target).prepared()
      withExtendedLifetime(prepared) {
        for phase in prepared.phases { phase.run(phase.context, 0, phase.tasks, 0) }
      }
      #expect(target.values() == values)
    }
  }

  @Test("The bound of a result in bf16 is that of its sum and one rounding")
  func bound() throws {
    let descriptor = "ic64ih4oc1kh1"
    let whole = ErrorBound.summation(
      ConvolutionOperation(try ProblemDescriptor.parse(descriptor).problem))
    let half = ErrorBound.summation(
      ConvolutionOperation(try ProblemDescriptor.parse("--dt=bf16 " + descriptor).problem))
    #expect(half.relative == whole.relative)
    #expect(whole.limit(8, value: 2) == whole.limit(8))
    let sum = half.limit(8)
    #expect(half.limit(8, value: 2) == sum + 0x1p-8 * 2)
  }
}
