// SPDX-License-Identifier: Apache-2.0

/// What a shell needs in order to complete verbs and options, from what the verbs declare.
enum CompletionText {
  /// A function for bash; where neither verb nor option fits, files are completed.
  static func bash(_ verbs: [any Verb.Type]) -> String {
    let cases = verbs.map { verb in
      "    \(verb.name)) words='\(verb.options.map(\.name).joined(separator: " "))' ;;"
    }
    return """
      _convscope() {
        local word=${COMP_WORDS[COMP_CWORD]} words=
        case $COMP_CWORD:${COMP_WORDS[1]} in
          1:*) words='\(verbs.map { $0.name }.joined(separator: " "))' ;;
        esac
        ((COMP_CWORD == 1)) || case ${COMP_WORDS[1]} in
      \(cases.joined(separator: "\n"))
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
      }
      complete -o default -F _convscope convscope ./convscope

      """
  }

  /// A completion for zsh, with what each verb and option does.
  static func zsh(_ verbs: [any Verb.Type]) -> String {
    let names = verbs.map { "    \(quoted("\($0.name):\(flat($0.summary))"))" }
    let cases = verbs.map { verb in
      let options = verb.options.map { option in
        let text = "\(option.name)[\(bracketed(option.help))]"
        return "      " + quoted(option.nextWord.map { "\(text):\(bracketed($0)):_files" } ?? text)
      }
      return "    \(verb.name)) _arguments \\\n"
        + (options + ["      '*:file:_files' ;;"]).joined(separator: " \\\n")
    }
    return """
      #compdef convscope ./convscope
      local -a verbs
      verbs=(
      \(names.joined(separator: "\n"))
      )
      if ((CURRENT == 2)); then
        _describe verb verbs
        return
      fi
      local verb=$words[2]
      ((CURRENT -= 1))
      shift words
      case $verb in
      \(cases.joined(separator: "\n"))
      esac

      """
  }

  /// A completion for fish, with what each verb and option does.
  static func fish(_ verbs: [any Verb.Type]) -> String {
    let lines = verbs.flatMap { verb in
      let name =
        "complete -c convscope -n __fish_use_subcommand -f -a \(verb.name) -d "
        + quoted(flat(verb.summary), for: .fish)
      let options = verb.options.map { option in
        "complete -c convscope -n '__fish_seen_subcommand_from \(verb.name)' -l "
          + option.name.drop { $0 == "-" } + (option.nextWord == nil ? "" : " -r") + " -d "
          + quoted(flat(option.help), for: .fish)
      }
      return [name] + options
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private enum Shell {
    case posix
    case fish
  }

  /// A word in single quotes, whatever stands in it.
  private static func quoted(_ text: String, for shell: Shell = .posix) -> String {
    switch shell {
    case .posix: "'" + text.replacing("'", with: "'\\''") + "'"
    case .fish: "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
  }

  /// Without what ends a description of zsh's `_arguments`.
  private static func bracketed(_ text: String) -> String {
    flat(text).replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: ";")
  }

  private static func flat(_ text: String) -> String { text.replacing("\n", with: " ") }
}
