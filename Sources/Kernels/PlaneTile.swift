// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

/// The microkernel of convolution on plain tensors: `channels` output channels × `vectors` vectors of
/// positions, summed over all taps and input channels of a group in registers.
///
/// It multiplies vectors of the copied input with scalars of the filter. Every output is summed in the
/// same order, whichever tile it falls into.
enum PlaneTile<let channels: Int, let vectors: Int> {
  private typealias Sums = InlineArray<channels, InlineArray<vectors, Vector>>

  @inline(__always) private static var vectorBytes: Int { MemoryLayout<Vector>.size }

  /// Computes a tile whose first position's first input is at `input`.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<PlaneArguments>, _ input: UnsafeRawPointer,
    _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    _ places: UnsafePointer<PlaneVector>, _ spare: UnsafeMutableRawPointer
  ) {
    if arguments.pointee.steps.asksForOutputs { ask(arguments, output, places) }
    let ahead = arguments.pointee.steps.inputAhead
    var sums = Sums(repeating: InlineArray(repeating: Vector()))
    for channel in 0..<channels {
      let value = broadcast(bias + 4 &* channel)
      for vector in 0..<vectors { sums[unchecked: channel][unchecked: vector] = value }
    }
    let offsets = arguments.pointee.taps
    let taps = arguments.pointee.steps.taps
    let channelPitch = arguments.pointee.steps.copiedChannel
    var plane = input
    var filter = filter
    var left = arguments.pointee.steps.inputChannels
    repeat {
      var tap = 0
      ask(plane + ahead)
      repeat {
        add(plane + offsets[tap], filter, &sums)
        filter += 4 &* channels
        tap &+= 1
      } while tap < taps
      plane += channelPitch
      left &-= 1
    } while left > 0
    finish(arguments, &sums, output, places, spare)
  }

  /// Asks for the cache lines of a channel's inputs.
  @inline(__always)
  private static func ask(_ input: UnsafeRawPointer) {
    var offset = 0
    while offset < vectors &* vectorBytes {
      cvector_prefetch_near(input + offset)
      offset &+= 64
    }
  }

  /// Asks for the cache lines in which a tile's outputs begin.
  @inline(__always)
  private static func ask(
    _ arguments: UnsafePointer<PlaneArguments>, _ output: UnsafeMutableRawPointer,
    _ places: UnsafePointer<PlaneVector>
  ) {
    let pitch = arguments.pointee.steps.outputChannel
    for vector in 0..<vectors {
      let target = output + places[vector].output
      for channel in 0..<channels { cvector_prefetch_written(target + channel &* pitch) }
    }
  }

  /// Adds the products of one tap of one channel; of inputs and weights, the fewer wait in registers.
  @inline(__always)
  private static func add(
    _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ sums: inout Sums
  ) {
    if vectors <= channels {
      var inputs = InlineArray<vectors, Vector>(repeating: Vector())
      for vector in 0..<vectors {
        inputs[unchecked: vector] = load(input + vector &* vectorBytes)
      }
      for channel in 0..<channels {
        let weight = broadcast(filter + 4 &* channel)
        for vector in 0..<vectors {
          sums[unchecked: channel][unchecked: vector] = multiplyAdd(
            sums[unchecked: channel][unchecked: vector], weight, inputs[unchecked: vector])
        }
      }
    } else {
      var weights = InlineArray<channels, Vector>(repeating: Vector())
      for channel in 0..<channels {
        weights[unchecked: channel] = broadcast(filter + 4 &* channel)
      }
      for vector in 0..<vectors {
        let value = load(input + vector &* vectorBytes)
        for channel in 0..<channels {
          sums[unchecked: channel][unchecked: vector] = multiplyAdd(
            sums[unchecked: channel][unchecked: vector], weights[unchecked: channel], value)
        }
      }
    }
  }

  /// Writes the sums, without those between rows.
  ///
  /// In the order of positions: what a whole vector writes behind its outputs is written anew.
  @inline(__always)
  private static func finish(
    _ arguments: UnsafePointer<PlaneArguments>, _ sums: inout Sums,
    _ output: UnsafeMutableRawPointer, _ places: UnsafePointer<PlaneVector>,
    _ spare: UnsafeMutableRawPointer
  ) {
    let pitch = arguments.pointee.steps.outputChannel
    let lists = arguments.pointee.lanes
    let hasGaps = arguments.pointee.steps.hasGaps
    if arguments.pointee.steps.hasReLU {
      for channel in 0..<channels {
        for vector in 0..<vectors {
          sums[unchecked: channel][unchecked: vector] = rectified(
            sums[unchecked: channel][unchecked: vector])
        }
      }
    }
    for vector in 0..<vectors {
      let place = places[vector]
      let target = output + place.output
      for channel in 0..<channels {
        let sum = sums[unchecked: channel][unchecked: vector]
        if hasGaps {
          storeChosen(
            sum, target + channel &* pitch, lanes: lists + place.lanes, count: place.written,
            valid: place.valid, spare: spare)
        } else if place.written == Vector.scalarCount {
          store(sum, target + channel &* pitch)
        } else {
          store(sum, target + channel &* pitch, place.written)
        }
      }
    }
  }
}
