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

  /// Reads a file, named after its last path component without extension.
  /// - Throws: `SuiteError` for the first thing that is not accepted, with its place.
  public init(readingFile path: String) throws(SuiteError) {
    self = try Suite(
      parsing: try SuiteFile.text(path), file: path, name: SuiteFile.suiteName(path))
  }
}
