/** What somebody means by a line that he types in `chat`: something to say, or a word with a stroke in front. */
import type { Presence } from "@xmpp-e2e/link-local"

/**
 * `to` and `peer` name somebody; without them it is about whom one is talking to. `Answer` is about the question that was
 * asked first.
 */
export type Intent =
  | { readonly _tag: "Say"; readonly text: string; readonly to?: string }
  | { readonly _tag: "Turn"; readonly to: string }
  | { readonly _tag: "Who" }
  | { readonly _tag: "Present"; readonly status: Presence.Status; readonly message?: string }
  | { readonly _tag: "Verify"; readonly peer?: string }
  | { readonly _tag: "Give"; readonly path: string; readonly to?: string }
  | { readonly _tag: "Answer"; readonly isYes: boolean }
  | { readonly _tag: "Help" }
  | { readonly _tag: "Quit" }
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Unclear"; readonly sentence: string }

export const read = (line: string): Intent => {
  const text = line.trim()
  if (text === "") return { _tag: "Nothing" }
  if (!text.startsWith("/")) return { _tag: "Say", text: line }
  if (text.startsWith("//")) return { _tag: "Say", text: text.slice(1) }
  const [, word = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(text) ?? []
  const command = commands.find(({ name }) => name === word.toLowerCase())
  return command === undefined ? unknown(word) : command.means(rest)
}

export const help: () => ReadonlyArray<string> = () => [
  ...commands.map(({ name, takes, what }) =>
    `  ${`/${name}${takes === undefined ? "" : ` ${takes}`}`.padEnd(18)}${what}`
  ),
  "  anything else     is said to whom you talk to; write // for a stroke at the beginning"
]

/** What the end of a line can be completed to: commands, or names behind `/to`. */
export const complete = (line: string, names: ReadonlyArray<string>): readonly [ReadonlyArray<string>, string] => {
  const wanted = /^\/(to|verify)\s+(.*)$/i.exec(line)?.[2]
  if (wanted !== undefined) return [names.filter((name) => begins(name, wanted)), wanted]
  if (!line.startsWith("/")) return [[], line]
  return [commands.map(({ name }) => `/${name} `).filter((name) => begins(name, line)), line]
}

interface Command {
  readonly name: string
  readonly takes?: string
  readonly what: string
  readonly means: (rest: string) => Intent
}

const presence = (status: Presence.Status) => (message: string): Intent => ({
  _tag: "Present",
  status,
  ...message === "" ? {} : { message }
})

const commands: ReadonlyArray<Command> = [
  { name: "who", what: "who is on this network, and who you are", means: () => ({ _tag: "Who" }) },
  {
    name: "to",
    takes: "NAME",
    what: "talk to somebody; the part before the @ is enough where only one is called that",
    means: (to) => to === "" ? { _tag: "Unclear", sentence: "/to wants a name: /to mira" } : { _tag: "Turn", to }
  },
  {
    name: "verify",
    takes: "[NAME]",
    what: "make sure, by ten digits that you both compare by voice, that nobody sits between you",
    means: (peer) => ({ _tag: "Verify", ...peer === "" ? {} : { peer } })
  },
  {
    name: "send",
    takes: "FILE",
    what: "offer a file",
    means: (path) =>
      path === "" ? { _tag: "Unclear", sentence: "/send wants a file: /send map.pdf" } : { _tag: "Give", path }
  },
  { name: "yes", what: "yes, to the question that was asked", means: () => ({ _tag: "Answer", isYes: true }) },
  { name: "no", what: "no, to the question that was asked", means: () => ({ _tag: "Answer", isYes: false }) },
  { name: "away", takes: "[TEXT]", what: "tell everybody here that you are away", means: presence("away") },
  { name: "dnd", takes: "[TEXT]", what: "tell everybody here not to disturb you", means: presence("dnd") },
  { name: "back", takes: "[TEXT]", what: "tell everybody here that you are available", means: presence("avail") },
  { name: "help", what: "these lines", means: () => ({ _tag: "Help" }) },
  { name: "quit", what: "say goodbye and go; so does Ctrl-D", means: () => ({ _tag: "Quit" }) }
]

const unknown = (word: string): Intent => ({
  _tag: "Unclear",
  sentence: `there is no /${word}; /help says what there is. To say it to somebody, write //${word}`
})

const begins = (whole: string, part: string): boolean => whole.toLowerCase().startsWith(part.toLowerCase())
