/**
 * The table that composed machines do not have, won back from them: which states can be reached, and what each of them
 * answers to one event of every kind. `docs/transitions.md` is rendered from it.
 *
 * @since 0.1.0
 */
import type { Config } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { type Occasion, occasions } from "./internal/walk/occasions.ts"
import * as rendering from "./internal/walk/render.ts"
import { short } from "./internal/walk/short.ts"
import type { Reduce } from "./Run.ts"

/**
 * A configuration and what a reader may call it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Named {
  readonly name: string
  readonly config: Config.Config
}

/**
 * What a kind of state answers to an event, under the configurations that lead there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Cell {
  readonly kind: string
  readonly event: string
  readonly answers: ReadonlyArray<Answer>
}

/**
 * `kind` is the next kind of state; `actions` are told in short words, without timers. `under` names the configurations.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer {
  readonly kind: string
  readonly actions: string
  readonly under: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Walk {
  readonly cells: ReadonlyArray<Cell>
  /** In the order in which they were reached, with the timers that run in them. */
  readonly kinds: ReadonlyMap<string, ReadonlyArray<string>>
}

/**
 * Walks through every kind of state that can be reached by events of the list, the shortest way first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const explore = (configs: ReadonlyArray<Named>, step: Reduce = Reducer.step): Walk => {
  const cells = new Map<string, Map<string, Array<Answer>>>()
  const kinds = new Map<string, ReadonlyArray<string>>()
  for (const { config, name } of configs) {
    const met = new Set<string>()
    const ahead: Array<State> = [Reducer.initial(config)]
    for (let state = ahead.shift(); state !== undefined; state = ahead.shift()) {
      const kind = kindOf(state)
      if (met.has(kind)) continue
      met.add(kind)
      kinds.set(kind, union(kinds.get(kind) ?? [], state.timers.map(({ timer }) => timer)))
      const row = cells.get(kind) ?? new Map<string, Array<Answer>>()
      cells.set(kind, row)
      for (const [event, after, actions] of answersOf(state, step)) {
        ahead.push(after)
        row.set(event, told(row.get(event) ?? [], { kind: kindOf(after), actions }, name))
      }
    }
  }
  return {
    kinds,
    cells: [...cells].flatMap(([kind, row]) => [...row].map(([event, answers]): Cell => ({ kind, event, answers })))
  }
}

/**
 * The document: for each role a diagram of the ways to an established stream and the answers of every state, as Markdown.
 *
 * @since 0.1.0
 * @category formatting
 */
export const render = (initiator: Walk, recipient: Walk): string => rendering.render(initiator, recipient)

/**
 * What a state is called in the tables: its label, and what else its answers depend on.
 *
 * @since 0.1.0
 * @category getters
 */
export const kindOf = (state: State): string => {
  const more = particulars(state).filter((each) => each !== "")
  return more.length === 0 ? label(state) : `${label(state)} (${more.join(", ")})`
}

const particulars = (state: State): ReadonlyArray<string> => {
  switch (state._tag) {
    case "Dormant":
    case "Closed":
      return []
    case "Initiating":
    case "Responding":
      return state.at._tag === "AwaitingTls" || state.at._tag === "AwaitingVerdict" ? [] : [links[state.link._tag]]
    case "Established": {
      const { management, resuming } = state.session
      return [managements[management._tag], resuming === undefined ? "" : "resuming"]
    }
    case "Closing":
      return [
        state.was === undefined ? "" : "was established",
        state.at._tag === "AwaitingFooter" && state.at.failed ? "failed" : "",
        state.at._tag === "AwaitingEnd" ? (state.at.ended ? "ended by us too" : "ours not ended") : ""
      ]
  }
}

const links = { Clear: "in clear", Secured: "under TLS", Authenticated: "after SASL" } as const

const managements = { Off: "", Enabling: "enabling sm", On: "sm on" } as const

type Step = readonly [event: string, after: State, actions: string]

const answersOf = (state: State, step: Reduce): ReadonlyArray<Step> =>
  occasions.flatMap(([name, make]: Occasion, seq): ReadonlyArray<Step> => {
    const event = make(state, seq)
    if (event === undefined) return []
    const [after, actions] = step(state, event)
    return [[name, after, short(actions)]]
  })

const told = (
  answers: ReadonlyArray<Answer>,
  { actions, kind }: Pick<Answer, "actions" | "kind">,
  under: string
): Array<Answer> => {
  const known = answers.find((each) => each.kind === kind && each.actions === actions)
  return known === undefined
    ? [...answers, { kind, actions, under: [under] }]
    : answers.map((each) => each === known ? { ...known, under: union(known.under, [under]) } : each)
}

const union = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set([...one, ...other])
]
