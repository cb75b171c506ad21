/** Which flags of `replay` go together. A flag that would do nothing is refused, so that nobody waits for what it does. */
import * as Option from "effect/Option"
import { standardInput } from "./standardInput.ts"

export interface Ways {
  readonly paths: ReadonlyArray<string>
  readonly until: Option.Option<number>
  readonly describe: boolean
  readonly diff: Option.Option<string>
  readonly sides: boolean
  readonly reducer: Option.Option<string>
  readonly against: Option.Option<string>
  readonly interactive: boolean
  readonly mermaid: boolean
  readonly pcapng: Option.Option<string>
  readonly junit: Option.Option<string>
  readonly html: Option.Option<string>
  readonly json: boolean
}

/** What is wanted in place of a replay; `undefined` when a replay is. */
export const wayOf = (input: Ways): string | undefined => waysOf(input)[0]

/** Why these flags cannot be meant together. */
export const contradiction = (input: Ways): string | undefined => {
  const ways = waysOf(input)
  const [way] = ways
  if (ways.length > 1) return `${ways.join(" and ")} exclude each other`
  if (input.sides && way !== "--diff") return "--sides needs --diff OTHER, the recording of the other side"
  const isTwice = way === "--diff" || way === "--interactive" || Option.isSome(input.html)
  if (isTwice && [...input.paths, Option.getOrUndefined(input.diff)].includes(standardInput)) {
    return `standard input can be read only once, which is too little for ${way ?? "--html"}; name a file`
  }
  if (way === undefined) return input.describe && input.json ? excluding("--describe", "--json") : undefined
  if (way === "--against" && Option.isNone(input.reducer)) {
    return "--against needs --reducer MODULE, the version to compare with"
  }
  const idle = named({
    "--html": Option.isSome(input.html),
    "--until": Option.isSome(input.until),
    "--describe": input.describe,
    "--junit": Option.isSome(input.junit),
    "--reducer": Option.isSome(input.reducer) && way !== "--against",
    "--json": input.json && way !== "--diff" && way !== "--against"
  })
  return idle[0] === undefined ? undefined : excluding(idle[0], way)
}

const waysOf = (input: Ways): ReadonlyArray<string> =>
  named({
    "--diff": Option.isSome(input.diff),
    "--against": Option.isSome(input.against),
    "--interactive": input.interactive,
    "--mermaid": input.mermaid,
    "--pcapng": Option.isSome(input.pcapng)
  })

const named = (flags: Readonly<Record<string, boolean>>): ReadonlyArray<string> =>
  Object.entries(flags).flatMap(([flag, isGiven]) => isGiven ? [flag] : [])

const excluding = (one: string, other: string): string => `${one} and ${other} exclude each other`
