/**
 * A bench as a command: its arguments, its words, its exit code. 0: done; 1: it failed; 2: wrong usage.
 */
import { parseArgs } from "node:util"
import { asTable } from "./acceptance.ts"
import type { Bench, Outcome, Settings } from "./bench.ts"
import { asText } from "./table.ts"

export interface Arguments extends Omit<Settings, "progress"> {
  readonly json: boolean
  readonly help: boolean
}

/** What the words on a command line ask for. Throws a sentence when they make no sense. */
export const read = (bench: Bench, words: ReadonlyArray<string>): Arguments => {
  const { values } = parseArgs({
    args: [...words],
    options: {
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
      turns: { type: "string", default: String(bench.turns) },
      kind: { type: "string", multiple: true },
      only: { type: "string", multiple: true }
    }
  })
  const turns = wholeNumber("--turns", values.turns)
  return {
    turns,
    json: values.json,
    help: values.help,
    kinds: chosen("--kind", values.kind, bench.kinds ?? []),
    contenders: chosen("--only", values.only, bench.contenders ?? [])
  }
}

export const wholeNumber = (option: string, text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${option} wants a whole number above 0, not ${text}`)
  return value
}

const chosen = (
  option: string,
  asked: ReadonlyArray<string> | undefined,
  known: ReadonlyArray<string>
): ReadonlyArray<string> => {
  if (asked === undefined) return known
  const stranger = asked.find((each) => !known.includes(each))
  if (stranger !== undefined) {
    throw new Error(known.length === 0 ? `${option} means nothing here` : `${option} knows: ${known.join(", ")}`)
  }
  return known.filter((each, at) => asked.includes(each) || (option === "--only" && at === 0))
}

export const usage = ({ about, contenders, details, kinds, name, turns }: Bench): string =>
  [
    `${name}: ${about}`,
    "",
    details,
    "",
    `  pnpm bench ${name} [--json] [--turns N]${kinds === undefined ? "" : " [--kind K]..."}${
      contenders === undefined ? "" : " [--only NAME]..."
    }`,
    "",
    "  --json      an object for programs instead of tables",
    `  --turns N   turns that count, after one that warms up; ${turns} unless said otherwise`,
    ...kinds === undefined ? [] : [`  --kind K    of: ${kinds.join(", ")}; may be repeated`],
    ...contenders === undefined
      ? []
      : [`  --only NAME of: ${contenders.join(", ")}; may be repeated; the first runs always`],
    ""
  ].join("\n")

/** Runs it with the words of this process's command line. */
export const main = async (bench: Bench, words: ReadonlyArray<string> = process.argv.slice(2)): Promise<void> => {
  const asked = understood(bench, words)
  if (asked === undefined) return
  const { help, json, ...settings } = asked
  if (help) return console.log(usage(bench))
  try {
    const outcome = await bench.run({ ...settings, progress: progress(bench.name) })
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K")
    console.log(json ? asJson(bench, outcome) : asTables(outcome))
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

const understood = (bench: Bench, words: ReadonlyArray<string>): Arguments | undefined => {
  try {
    return read(bench, words)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nTry --help.`)
    process.exitCode = 2
    return undefined
  }
}

const asTables = ({ claims, tables }: Outcome): string =>
  [...tables, ...claims.length === 0 ? [] : [asTable(claims)]].map(asText).join("\n")

const asJson = ({ name }: Bench, { claims, figures }: Outcome): string =>
  JSON.stringify({ bench: name, node: process.version, figures, acceptance: claims })

/** On standard error: one line that changes on a terminal, elsewhere a line now and then. */
export const progress = (name: string): (done: string) => void => {
  let last = performance.now()
  return (done) => {
    if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${name}: ${done}`)
    if (performance.now() - last < quietMillis) return
    last = performance.now()
    process.stderr.write(`${name}: ${done}\n`)
  }
}

const quietMillis = 10_000
