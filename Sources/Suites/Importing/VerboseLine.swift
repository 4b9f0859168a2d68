// SPDX-License-Identifier: Apache-2.0

/// A line of a verbose log, or the part of one that another worker's line broke into.
struct VerboseLine {
  /// What is between commas after the marker.
  let fields: [Substring]
  /// Whether another line begins before this one ends.
  let isBroken: Bool
  /// Whether the line is of MKL-DNN 0.x, which writes other fields.
  let isOfMKLDNN: Bool

  /// What the lines begin with.
  private static let markers = ["onednn_verbose,", "dnnl_verbose,", mkldnn]
  private static let mkldnn = "mkldnn_verbose,"

  /// The lines in a line of text, wherever a framework's own prefix lets them begin.
  static func lines(in text: Substring) -> [VerboseLine] {
    var starts: [(at: Substring.Index, marker: String)] = []
    for marker in markers {
      for range in text.ranges(of: marker) { starts.append((range.lowerBound, marker)) }
    }
    starts.sort { $0.at < $1.at }
    return starts.enumerated().map { number, start in
      let end = number + 1 < starts.count ? starts[number + 1].at : text.endIndex
      let content = text[start.at..<end].dropFirst(start.marker.count)
      return VerboseLine(
        fields: content.split(separator: ",", omittingEmptySubsequences: false),
        isBroken: end != text.endIndex, isOfMKLDNN: start.marker == mkldnn)
    }
  }

  /// Where the fields of an execution begin; a version, a time stamp or a component may stand
  /// before it.
  var execution: Int? { fields.prefix(4).firstIndex(of: "exec") }

  /// Whether the line tells of a convolution that is created, and not run.
  var createsConvolution: Bool {
    guard let create = fields.prefix(4).firstIndex(where: { $0.hasPrefix("create") }) else {
      return false
    }
    return fields[create...].prefix(4).contains("convolution")
  }

  /// Whether a partition of a graph is executed, whose problems the log does not write.
  var isGraph: Bool { execution.map { fields[..<$0].contains("graph") } ?? false }
}
