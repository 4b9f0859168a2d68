// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Foundation

/// Ends what children leave when this process dies, however it dies.
///
/// A parent-death signal would reach the child alone, not what it started, and would come already
/// when the *thread* that started it ends. So a shell of a few hundred kilobytes waits at a pipe for
/// our death, and then ends the process groups that are still on its list. A child writes itself on
/// that list before it becomes a program.
final class ChildGuard: Sendable {
  /// Started with the first child.
  static let shared = ChildGuard()

  /// Where children write `+ GROUP`; negative where no shell could be started.
  let registry: Int32

  /// Signals to us are none of its business: they may be what kills us.
  ///
  /// No `--` before a group: dash has none. What has left its group is known by its mark, the first
  /// argument without its space.
  private static let script = """
    trap '' HUP INT TERM
    groups=
    while read -r what group; do
      case $what in
        +) groups="$groups $group" ;;
        -)
          rest=
          for one in $groups; do [ "$one" = "$group" ] || rest="$rest $one"; done
          groups=$rest
          ;;
      esac
    done
    for one in $groups; do kill -TERM "-$one"; done
    for moment in 1 2 3 4 5 6 7 8; do
      alive=
      for one in $groups; do kill -0 "-$one" && alive=1; done
      [ -n "$alive" ] || break
      sleep 0.1
    done
    for one in $groups; do kill -KILL "-$one"; done
    for pass in 1 2; do
      for file in $(grep -lzsF " $1" /proc/[0-9]*/environ); do
        one=${file#/proc/}
        kill -KILL "${one%/environ}"
      done
    done
    """

  private init() {
    var ends: (read: Int32, write: Int32) = (-1, -1)
    guard cplatform_pipe(&ends.read, &ends.write) == 0 else {
      registry = -1
      return
    }
    let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
    let words = [
      "/bin/sh", "-c", Self.script, "convscope-child-guard",
      String(Offspring.family.dropFirst()),
    ]
    var arguments = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = cplatform_child()
    (child.input, child.output, child.error) = (ends.read, nothing, nothing)
    child.registry = -1
    var identifier: Int32 = 0
    let code = "/".withCString { root in
      arguments.withUnsafeBufferPointer { words in
        child.arguments = words.baseAddress
        child.folder = root
        return cplatform_spawn(&child, &identifier)
      }
    }
    close(nothing)
    close(ends.read)
    if code != 0 { close(ends.write) }
    registry = code == 0 ? ends.write : -1
  }

  /// Takes a group from the list.
  /// - Requires: its leader is not reaped yet, so that the id is of no other group.
  func forget(_ group: Int32) {
    guard registry >= 0 else { return }
    let line = Array("- \(group)\n".utf8)
    _ = line.withUnsafeBytes { bytes in
      bytes.baseAddress.map { cplatform_write(registry, $0, bytes.count) }
    }
  }
}
