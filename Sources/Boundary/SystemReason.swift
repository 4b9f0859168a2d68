// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Why the system refused something, in the system's own words.
///
/// Foundation wraps what the kernel says into texts such as “The operation could not be completed.
/// (NSCocoaErrorDomain error 256.)”, which name neither the cause nor the file.
public struct SystemReason: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number that the kernel gave: one of `errno`.
  public let code: Int32

  /// The reason of this number.
  public init(_ code: Int32) { self.code = code }

  /// What the last call into the system left in `errno`.
  public static var last: SystemReason { SystemReason(errno) }

  /// `No space left on device`, as every program says it.
  public var description: String { String(cString: strerror(code)) }

  /// Why `error` happened: the system's words where it is the system's doing, else its own.
  public static func text(of error: any Error) -> String {
    if let failure = error as? FileError { return failure.reason }
    if let reason = number(in: error as NSError, depth: 0) { return "\(SystemReason(reason))" }
    let foreign = error as NSError
    guard foreign.domain == NSCocoaErrorDomain else { return "\(error)" }
    return (foreign.userInfo["NSDebugDescription"] as? String) ?? "error \(foreign.code)"
  }

  /// The same with the file in front, where `error` knows one.
  public static func sentence(of error: any Error) -> String {
    let known = error as NSError
    let path =
      known.userInfo[NSFilePathErrorKey] as? String
      ?? (known.userInfo[NSURLErrorKey] as? URL)?.path(percentEncoded: false)
    guard let path, !(error is FileError), number(in: known, depth: 0) != nil else {
      return error is FileError ? "\(error)" : text(of: error)
    }
    return "\(path): \(text(of: error))"
  }

  /// Errors in errors are looked at to this depth.
  private static let deepest = 4

  private static func number(in error: NSError, depth: Int) -> Int32? {
    if error.domain == NSPOSIXErrorDomain { return Int32(exactly: error.code) }
    if depth < deepest, let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError,
      let found = number(in: inner, depth: depth + 1)
    {
      return found
    }
    guard error.domain == NSCocoaErrorDomain else { return nil }
    return numbers[CocoaError.Code(rawValue: error.code)]
  }

  /// What Foundation's codes stand for where it has dropped the number itself.
  private static let numbers: [CocoaError.Code: Int32] = [
    .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileLocking: EAGAIN,
    .fileReadNoPermission: EACCES, .fileWriteNoPermission: EACCES, .fileWriteFileExists: EEXIST,
    .fileWriteOutOfSpace: ENOSPC, .fileWriteVolumeReadOnly: EROFS, .fileReadTooLarge: EFBIG,
    .fileReadInvalidFileName: EINVAL, .fileWriteInvalidFileName: EINVAL,
  ]
}
