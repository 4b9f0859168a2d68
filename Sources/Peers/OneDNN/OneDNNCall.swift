// SPDX-License-Identifier: Apache-2.0

#if OneDNN && !ONEDNN_LEFT_OUT
  internal import COneDNN
  internal import Convolution

  /// One primitive with its arguments, ready to be executed; plain values only.
  struct OneDNNCall {
    var primitive: OpaquePointer
    var stream: OpaquePointer
    var arguments: UnsafePointer<dnnl_exec_arg_t>
    var argumentCount: CInt
    var threads: CInt
    var setThreads: OpenMP.SetThreads

    /// Executes the primitive on the calling thread and, where it may have more, its team.
    ///
    /// The number of threads belongs to the calling thread, so it is set here and not once: a
    /// worker serves variants with different numbers, and setting it costs a few nanoseconds.
    func execute() -> dnnl_status_t {
      setThreads(threads)
      return dnnl_primitive_execute(primitive, stream, argumentCount, arguments)
    }
  }

  /// Owns a call and all that it points to.
  final class OneDNNStep {
    /// The call; stays valid as long as the step.
    let call: UnsafeMutablePointer<OneDNNCall>
    /// Scratch memory, in bytes.
    let scratchBytes: Int
    private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
    private let owned: [AnyObject]

    /// The step that executes `plan` on `memories`, given by argument number.
    /// - Throws: `OneDNNError`, or `MemoryError` where there is no room for scratch memory.
    init(
      _ plan: OneDNNPlan, _ memories: [(argument: CInt, memory: OneDNNHandle)], threads: Int,
      openMP: OpenMP, on engine: OneDNNEngine
    ) throws {
      let primitive = try plan.makePrimitive()
      let scratchFormat = try plan.format(dnnl_query_scratchpad_md)
      let scratch = try AlignedBuffer(count: OneDNNFormat.count(scratchFormat))
      var all = memories
      // An argument costs some 35 ns per call even where it is empty: 2 % of the smallest layers.
      if scratch.count > 0 {
        let memory = try engine.memory(scratchFormat, at: scratch.pointer)
        all.append((argument: CInt(DNNL_ARG_SCRATCHPAD), memory: memory))
      }
      arguments = .allocate(capacity: all.count)
      _ = arguments.initialize(
        from: all.map { dnnl_exec_arg_t(arg: $0.argument, memory: $0.memory.pointer) })
      scratchBytes = scratch.bytes
      owned = [primitive, engine, scratch] + all.map(\.memory)
      call = .allocate(capacity: 1)
      call.initialize(
        to: OneDNNCall(
          primitive: primitive.pointer, stream: engine.stream.pointer,
          arguments: UnsafePointer(arguments.baseAddress.unsafelyUnwrapped),
          argumentCount: CInt(all.count), threads: CInt(threads), setThreads: openMP.setThreads))
    }

    deinit {
      call.deallocate()
      arguments.deallocate()
    }

    /// The step as a phase of one task.
    func phase(_ name: String) -> Phase {
      Phase(name: name, tasks: 1, context: UnsafeRawPointer(call)) { context, first, end, _ in
        guard first < end else { return }
        // Nothing between start and stop throws; a failure leaves the output unwritten, which the
        // verification finds.
        _ = context.assumingMemoryBound(to: OneDNNCall.self).pointee.execute()
      }
    }
  }
#endif
