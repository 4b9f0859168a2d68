// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Limits of the machine for the programs that tests start.
///
/// Tests run beside each other, so a program would not keep what it measures, and each would measure
/// again. What one shows is kept for all as if nothing had disturbed it.
public enum KnownMachine {
  /// The name and the text of the file; nil where the program shows no limits.
  private static let file: (name: String, text: Data)? = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "machine-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let end = try? TestProgram.run(
      ["machine", "--json"], in: folder, variables: ["XDG_CACHE_HOME": folder.path()])
    let machine = try? JSONSerialization.jsonObject(with: Data((end?.output ?? "").utf8))
    guard var limits = (machine as? [String: Any])?["limits"] as? [String: Any],
      let key = limits["machine"] as? String
    else { return nil }
    limits["surroundings"] = nil
    let text = try? JSONSerialization.data(withJSONObject: limits)
    return text.map { ("limits-\(key).json", $0) }
  }()

  /// Puts the limits where a program with `cache` as its `XDG_CACHE_HOME` looks for them.
  /// - Returns: the file.
  @discardableResult
  public static func isKnown(in cache: URL) -> URL? {
    guard let file else { return nil }
    let folder = cache.appending(path: "convscope")
    let place = folder.appending(path: file.name)
    if !FileManager.default.fileExists(atPath: place.path()) {
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try? file.text.write(to: place)
    }
    return place
  }
}
