// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Synchronization

/// A counter that workers spin on and then sleep on, alone on its cache lines.
///
/// Sleeping goes through a futex because a wake-up by semaphore costs a call even when nobody
/// sleeps; here the waker looks at `sleepers` first.
///
/// `@unchecked Sendable`: the memory behind the pointers is only touched by atomic operations, and
/// it is freed with the last owner. (An `Atomic` property would need no claim, but has no address
/// that a futex could take.)
struct SharedWord: ~Copyable, @unchecked Sendable {
  /// Two cache lines: adjacent-line prefetch pairs them on current x86.
  private static let stride = 128
  private let memory: UnsafeMutableRawPointer
  private let value: UnsafeMutablePointer<Atomic<UInt32>>
  private let sleepers: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    memory = .allocate(byteCount: 2 * Self.stride, alignment: Self.stride)
    value = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    sleepers = (memory + Self.stride).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    value.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
  }

  deinit {
    value.deinitialize(count: 1)
    sleepers.deinitialize(count: 1)
    memory.deallocate()
  }

  /// The current value; what was written before it was stored is visible.
  func load() -> UInt32 { value.pointee.load(ordering: .acquiring) }

  /// Adds one and returns the new value, without waking anybody.
  @discardableResult
  func increment() -> UInt32 {
    value.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
  }

  /// Sets the value and wakes whoever sleeps on it.
  func publish(_ new: UInt32) {
    value.pointee.store(new, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  /// Sets the value without waking anybody.
  func reset(_ new: UInt32) { value.pointee.store(new, ordering: .releasing) }

  /// Wakes whoever sleeps on the value.
  func wakeSleepers() {
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 {
      cplatform_futex_wake_all(UnsafeRawPointer(value).assumingMemoryBound(to: UInt32.self))
    }
  }

  /// Returns the value once it differs from `old`: spins up to `spins` times, then sleeps.
  func wait(whileEqualTo old: UInt32, spins: Int) -> UInt32 {
    for _ in 0..<spins {
      let now = load()
      if now != old { return now }
      cplatform_spin_hint()
    }
    sleepers.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { sleepers.pointee.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let now = value.pointee.load(ordering: .sequentiallyConsistent)
      if now != old { return now }
      cplatform_futex_wait(UnsafeRawPointer(value).assumingMemoryBound(to: UInt32.self), old)
    }
  }
}
