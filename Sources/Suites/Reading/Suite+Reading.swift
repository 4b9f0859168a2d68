// SPDX-License-Identifier: Apache-2.0

extension Suite {
  /// Reads the text of a suite file.
  /// - Parameters:
  ///   - text: what the file holds, JSON5.
  ///   - file: how errors name the file.
  ///   - name: the suite's name.
  /// - Throws: `SuiteError` for the first thing that is not accepted, with its place.
  public init(parsing text: String, file: String, name: String) throws(SuiteError) {
    self = try SuiteReader.read(text, file: file, name: name)
  }

  /// Reads a file: a suite, a benchdnn batch file, or a log of `ONEDNN_VERBOSE`.
  ///
  /// The suite is named after the last path component without extension; which kind of file it
  /// is, its extension (`.json5`, `.json`) or its text tells.
  /// - Throws: `SuiteError` for the first thing that is not accepted, with its place.
  public init(readingFile path: String) throws(SuiteError) {
    let text = try SuiteFile.text(path)
    let name = SuiteFile.suiteName(path)
    self =
      switch SuiteFile.kind(of: text, path: path) {
      case .suite: try Suite(parsing: text, file: path, name: name)
      case .batch: try BatchFile.suite(parsing: text, file: path, name: name)
      case .verboseLog: try VerboseLog.suite(parsing: text, file: path, name: name)
      }
  }
}
