/**
 * A step of a part of the machine: the next state, and what to do. Parts follow one another within one event.
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Link, State } from "../../mdns/State.ts"

export type Move = readonly [state: State, actions: ReadonlyArray<Action>]

/** The moment, and the number that delays are drawn from. */
export interface Moment {
  readonly at: number
  readonly chance: number
}

export const stay = (state: State): Move => [state, []]

export const andThen = ([state, actions]: Move, next: (state: State) => Move): Move => {
  const [after, more] = next(state)
  return more.length === 0 ? [after, actions] : [after, [...actions, ...more]]
}

/** The same for every link. */
export const eachLink = (
  state: State,
  change: (link: Link) => readonly [link: Link, actions: ReadonlyArray<Action>]
): Move => {
  const changed = state.links.map(change)
  return [{ ...state, links: changed.map(([link]) => link) }, changed.flatMap(([, actions]) => actions)]
}

export const onLink = (state: State, via: string, change: (link: Link) => Link): State => ({
  ...state,
  links: state.links.map((link) => link.via === via ? change(link) : link)
})

/** A response to all on a link. */
export const responding = (
  via: string,
  answers: Extract<Action, { readonly _tag: "Send" }>["message"]["answers"],
  additionals: typeof answers = []
): Action => ({
  _tag: "Send",
  via,
  message: { ...empty, isResponse: true, answers, additionals }
})

export const empty = {
  id: 0,
  isResponse: false,
  truncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: []
}
