/**
 * `docs/profiles.md`: where the time went and where it goes, and what comes next.
 */
import { type Part, type Profile, profile } from "../benches/profile.ts"
import { asMarkdown, number } from "../harness/table.ts"
import type { Kept } from "./kept.ts"
import type { Setting } from "./performance.ts"

export const page = (
  profiles: ReadonlyArray<Profile>,
  { date, machine, revision }: Setting,
  before: Kept
): string =>
  [
    "# Profiles",
    "",
    "<!-- Written by `node packages/bench/src/profiles.ts`. Do not edit. -->",
    "",
    "Where the time of a stanza goes, at either end of one conversation between two processes: `pnpm bench profile`.",
    "",
    profile.details,
    "",
    `- now: ${date}, revision ${revision}; ${machine}`,
    `- before: revision ${before.revision}; ${before.machine}`,
    "",
    "Both were measured at their own time, so compare shares, and each with the minimal pipeline beside it.",
    "",
    ...next(profiles),
    ...profiles.flatMap((now) => section(now, before))
  ].join("\n")

const section = (now: Profile, before: Kept): ReadonlyArray<string> => {
  const then = before.profiles.find(({ end, kind }) => end === now.end && kind === now.kind)
  const cpu = (name: string, { cpu: { ours, saxes } }: Profile): string =>
    `- ${name}: ${number(ours)} µs of CPU a stanza, ${number(ours / saxes)} times that of minimal saxes (${
      number(saxes)
    } µs)`
  return [
    `## ${now.kind}, ${now.end}`,
    "",
    ...then === undefined ? [] : [cpu("before", then)],
    cpu("now", now),
    "",
    asMarkdown({ title: "By parts", columns, rows: beside(now.rooms, then?.rooms ?? []) }),
    asMarkdown({ title: "The dearest functions now", columns: ["", "µs", "share"], rows: now.functions.map(rowOf) })
  ]
}

const beside = (now: ReadonlyArray<Part>, then: ReadonlyArray<Part>): ReadonlyArray<ReadonlyArray<string>> => {
  const names = [...new Set([...now, ...then].map(({ name }) => name))]
  const cells = (part: Part | undefined): ReadonlyArray<string> =>
    part === undefined ? ["", ""] : [number(part.micros), `${number(part.share * 100)} %`]
  return names.map((name) => [
    name,
    ...cells(then.find((each) => each.name === name)),
    ...cells(now.find((each) => each.name === name))
  ])
}

const columns = ["", "before µs", "share", "now µs", "share"]

const rowOf = ({ micros, name, share }: Part): ReadonlyArray<string> => [
  name,
  number(micros),
  `${number(share * 100)} %`
]

/** Of what is ours to change: the dearest parts of both ends together, and the function that leads each. */
const next = (profiles: ReadonlyArray<Profile>): ReadonlyArray<string> => {
  const kinds = [...new Set(profiles.map(({ kind }) => kind))]
  return [
    "## The next bottleneck",
    "",
    ...kinds.map((kind) => {
      const ends = profiles.filter((each) => each.kind === kind)
      const all = ends.flatMap(({ rooms }) => rooms).reduce((sum, { micros }) => sum + micros, 0)
      const parts = ends.flatMap(({ end, functions, rooms }) => rooms.map((room) => ({ ...room, end, functions })))
        .filter(({ name }) => isOurs(name)).toSorted((one, other) => other.micros - one.micros).slice(0, 3)
      const said = parts.map(({ end, micros, name }) =>
        `${name} at the ${end} (${number(micros / all * 100)} % of both ends)`
      )
      return `- **${kind}**: ${said.join("; then ")}.`
    }),
    ""
  ]
}

const isOurs = (room: string): boolean =>
  room.startsWith("@xmpp-e2e/") || room === "effect" || room === "saxes" || room === "garbage collection"
