/** The document of transitions, in Markdown and Mermaid. */
import type { Answer, Cell, Walk } from "../../Walk.ts"

export const render = (initiator: Walk, recipient: Walk): string => {
  const tables = [initiator, recipient].map(tablesOf)
  const shared = [...tables[0] ?? []].filter(([kind, table]) => tables[1]?.get(kind) === table)
  const own = (role: string, walk: Walk, index: number): ReadonlyArray<string> => [
    `## ${role}`,
    "",
    "The ways that lead on:",
    "",
    ...diagram(walk),
    "",
    ...[...tables[index] ?? []].filter(([kind]) => !shared.some((each) => each[0] === kind)).flatMap(sectionOf(role))
  ]
  return [
    ...preface,
    ...own("Initiator", initiator, 0),
    ...own("Recipient", recipient, 1),
    "## Both roles",
    "",
    ...shared.flatMap(sectionOf("Both"))
  ].join("\n")
}

const preface = [
  "# Transitions",
  "",
  "Derived from the reducer by `packages/testkit/src/Walk.ts`; a test fails when this file is stale. To write it anew:",
  "`node packages/testkit/test/transitions.make.ts`.",
  "",
  "A row names the events that a state answers alike, the next state, and the actions, without those on timers: which timers",
  "may run is told above each table. *required*, *preferred* and *never* are answers under that policy on TLS. A dash means",
  "that the state stays, or that nothing is done. A timer that does not run changes nothing anywhere.",
  ""
]

const sectionOf = (role: string) => ([kind, table]: readonly [string, string]): ReadonlyArray<string> => [
  `### ${role}: ${kind}`,
  "",
  table,
  ""
]

const tablesOf = ({ cells, kinds }: Walk): ReadonlyMap<string, string> =>
  new Map([...kinds].map(([kind, timers]) => [
    kind,
    [
      timers.length === 0 ? "No timers." : `Timers: ${timers.join(", ")}.`,
      "",
      ...table(kind, cells.filter((cell) => cell.kind === kind))
    ].join("\n")
  ]))

/** The events that have the same answer share a row; the longest row is that of all others. */
const table = (kind: string, cells: ReadonlyArray<Cell>): ReadonlyArray<string> => {
  const rows = new Map<string, Array<string>>()
  const all = [...new Set(cells.flatMap(({ answers }) => answers.flatMap(({ under }) => under)))]
  for (const { answers, event } of cells) {
    const next = answers.map((each) => prefixed(each, all, each.kind === kind ? "–" : each.kind))
    const actions = answers.map((each) => prefixed(each, all, each.actions === "" ? "–" : each.actions))
    const answer = `${merged(next)} | ${merged(actions)}`
    rows.set(answer, [...rows.get(answer) ?? [], event])
  }
  const [rest] = [...rows].sort(([, one], [, other]) => other.length - one.length)
  return [
    "| event | next | actions |",
    "|---|---|---|",
    ...[...rows].filter(([answer]) => answer !== rest?.[0])
      .map(([answer, events]) => `| ${events.join("; ")} | ${answer} |`),
    ...(rest === undefined ? [] : [`| ${rest[1].length > 1 ? "everything else" : rest[1].join()} | ${rest[0]} |`])
  ]
}

const prefixed = ({ under }: Answer, all: ReadonlyArray<string>, text: string): readonly [string, string] => [
  under.length === all.length ? "" : under.join("/"),
  text
]

const merged = (texts: ReadonlyArray<readonly [under: string, text: string]>): string => {
  const [first] = texts
  if (first !== undefined && texts.every(([, text]) => text === first[1])) return first[1]
  return texts.map(([under, text]) => under === "" ? text : `*${under}:* ${text}`).join("<br>")
}

/** By labels, for the overview: what else the tables tell apart is not drawn. */
const diagram = ({ cells }: Walk): ReadonlyArray<string> => {
  const edges = new Map<string, Set<string>>()
  for (const { answers, event, kind } of cells) {
    for (const { kind: next } of answers) {
      const [from, to] = [labelOf(kind), labelOf(next)]
      if (from === to || isEnd(to) && !isEnd(from) && from !== "Established") continue
      const edge = `${idOf(from)} --> ${idOf(to)}`
      edges.set(edge, (edges.get(edge) ?? new Set()).add(event))
    }
  }
  const labels = [...new Set(cells.map(({ kind }) => labelOf(kind)))]
  return [
    "```mermaid",
    "stateDiagram-v2",
    ...labels.map((label) => `  state "${label}" as ${idOf(label)}`),
    ...[...edges].map(([edge, events]) => `  ${edge}: ${eventsOf([...events])}`),
    "```"
  ]
}

const labelOf = (kind: string): string => kind.replace(/ \(.*/, "")

const idOf = (label: string): string => label.replace(".", "_")

const isEnd = (label: string): boolean => label.startsWith("Clos")

/** A colon would end the label of an edge. */
const eventsOf = (events: ReadonlyArray<string>): string =>
  events.slice(0, namedMax).map((event) => event.replaceAll(":", "")).join("; ") +
  (events.length > namedMax ? " …" : "")

const namedMax = 3
