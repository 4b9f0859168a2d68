// SPDX-License-Identifier: Apache-2.0

/// A word of a batch file and where it begins.
struct BatchWord {
  /// The word.
  var text: String
  /// Its line, from 1.
  var line: Int
  /// Its first column, from 1.
  var column: Int
  /// Whether a command of its own begins with it.
  var beginsCommand = false

  /// The words of a text: comments left out, words with a `\` at their end joined with the next.
  static func words(of text: String) -> [BatchWord] {
    var words: [BatchWord] = []
    var isContinued = false
    // Whether a command line goes on with this line.
    var isCommand = false
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() {
      let content = BatchLine(line)
      var beginsCommand = content.isCommand
      isCommand = isCommand || beginsCommand
      let pieces = content.text.split(whereSeparator: \.isWhitespace)
      // Counted on from word to word: a line may have 10⁵ of them.
      var (counted, column) = (line.startIndex, 1)
      for piece in pieces {
        if piece.hasPrefix("#") { break }
        // What a shell reads is not joined where the `\` stands alone.
        if isCommand, piece == "\\" { continue }
        column += line.distance(from: counted, to: piece.startIndex)
        counted = piece.startIndex
        var word = BatchWord(
          text: String(piece), line: number + 1, column: column, beginsCommand: beginsCommand)
        beginsCommand = false
        // A `\` that stands alone joins the words on both its sides.
        if isContinued || piece == "\\", let start = words.popLast() {
          word = start
          word.text += piece
        }
        isContinued = word.text.hasSuffix("\\")
        if isContinued { word.text.removeLast() }
        words.append(word)
      }
      isCommand = isCommand && pieces.last?.hasSuffix("\\") == true
    }
    return words.filter { !$0.text.isEmpty }
  }

  /// Where it stands.
  func place(in file: String) -> SuitePlace {
    SuitePlace(file: file, line: line, column: column, keyPath: "")
  }
}
