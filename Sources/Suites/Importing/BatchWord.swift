// SPDX-License-Identifier: Apache-2.0

/// A word of a batch file and where it begins.
struct BatchWord {
  /// The word.
  var text: String
  /// Its line, from 1.
  var line: Int
  /// Its first column, from 1.
  var column: Int

  /// The words of a text: comments left out, words with a `\` at their end joined with the next.
  static func words(of text: String) -> [BatchWord] {
    var words: [BatchWord] = []
    var isContinued = false
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() {
      for piece in line.split(whereSeparator: \.isWhitespace) {
        if piece.hasPrefix("#") { break }
        let column = line.distance(from: line.startIndex, to: piece.startIndex) + 1
        var word = BatchWord(text: String(piece), line: number + 1, column: column)
        // A `\` that stands alone joins the words on both its sides.
        if isContinued || piece == "\\", let start = words.popLast() {
          word = BatchWord(text: start.text + word.text, line: start.line, column: start.column)
        }
        isContinued = word.text.hasSuffix("\\")
        if isContinued { word.text.removeLast() }
        words.append(word)
      }
    }
    return words.filter { !$0.text.isEmpty }
  }
}
