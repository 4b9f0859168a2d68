// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// The addresses of a tile's pixels, `pitch` bytes apart, from few pointers.
///
/// From one pointer LLVM makes the address of each pixel out of its neighbour's, and above eleven
/// pixels there are no registers left to keep them in: it then loads all channels of a pass at each
/// address at once, and the values wait on the stack. x86 adds one, two or four pitches in the load
/// itself, so a pointer for every five pixels will do. LLVM must not know that they belong together.
struct PixelPointers<let pixels: Int> {
  private var first, second, third, fourth: UnsafeRawPointer
  private let pitch: Int

  @inline(__always) private static var perPointer: Int { 5 }

  @inline(__always)
  init(_ input: UnsafeRawPointer, pitch: Int) {
    self.pitch = pitch
    (first, second, third, fourth) = (input, input, input, input)
    if pixels > Self.perPointer {
      second = cvector_reloaded(input + Self.perPointer &* pitch)
    }
    if pixels > 2 &* Self.perPointer {
      third = cvector_reloaded(input + 2 &* Self.perPointer &* pitch)
    }
    if pixels > 3 &* Self.perPointer {
      fourth = cvector_reloaded(input + 3 &* Self.perPointer &* pitch)
    }
  }

  @inline(__always)
  subscript(_ pixel: Int) -> UnsafeRawPointer {
    let rest = pixel % Self.perPointer &* pitch
    switch pixel / Self.perPointer {
    case 0: return first + rest
    case 1: return second + rest
    case 2: return third + rest
    default: return fourth + rest
    }
  }

  /// Goes on by `step` bytes.
  @inline(__always)
  mutating func advance(_ step: Int) {
    first += step
    if pixels > Self.perPointer { second += step }
    if pixels > 2 &* Self.perPointer { third += step }
    if pixels > 3 &* Self.perPointer { fourth += step }
  }

  /// Keeps what is loaded from here on behind what was loaded before.
  @inline(__always)
  mutating func settle() {
    first = cvector_reloaded(first)
    if pixels > Self.perPointer { second = cvector_reloaded(second) }
    if pixels > 2 &* Self.perPointer { third = cvector_reloaded(third) }
    if pixels > 3 &* Self.perPointer { fourth = cvector_reloaded(fourth) }
  }
}
