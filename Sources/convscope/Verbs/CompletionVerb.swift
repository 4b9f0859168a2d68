// SPDX-License-Identifier: Apache-2.0

/// `convscope completion`: what a shell or `man` reads of this program.
struct CompletionVerb: Verb {
  static let name = "completion"
  static let operands = "bash|zsh|fish|man"
  static let summary = "Print a shell's completion of verbs and options, or the manual page."
  static let discussion = """
    bash: `source <(convscope completion bash)`. zsh: into a file `_convscope` of $fpath. fish: into
    ~/.config/fish/completions/convscope.fish. man: into convscope.1, for `man -l convscope.1`.
    """
  static let options: [Option] = []

  /// What can be asked for.
  private enum Kind: String, CaseIterable {
    case bash
    case zsh
    case fish
    case man
  }

  private let kind: Kind

  init(_ arguments: Arguments) throws {
    let accepted = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    guard let word = arguments.operands.first else {
      throw UsageError.missingOperand("what to print (\(accepted))")
    }
    guard let kind = Kind(rawValue: word) else {
      throw UsageError.invalidValue(option: Self.name, value: word, accepted: accepted)
    }
    guard arguments.operands.count == 1 else {
      throw UsageError.tooManyOperands(arguments.operands[1], accepted: "one of \(accepted)")
    }
    self.kind = kind
  }

  func run() throws -> ExitCode {
    let verbs = ConvScope.verbs.filter { !$0.isInternal }
    let text =
      switch kind {
      case .bash: CompletionText.bash(verbs)
      case .zsh: CompletionText.zsh(verbs)
      case .fish: CompletionText.fish(verbs)
      case .man: ManualPage.text(verbs, version: ConvScope.version)
      }
    Console.out(lines: String(text.dropLast()))
    return .success
  }
}
