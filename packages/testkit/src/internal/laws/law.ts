/** How laws are written down: most look at one step after the other, with what they remember of those before. */
import type { Action, Event, Notice } from "@xmpp-e2e/protocol"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import type { Judgement, Law } from "../../Law.ts"
import type { Reduce, Step, Trace } from "../../Run.ts"

export type Tagged<Of extends { readonly _tag: string }, Tag extends Of["_tag"]> = Extract<Of, { readonly _tag: Tag }>

export type ActionOf<Tag extends Action.Action["_tag"]> = Tagged<Action.Action, Tag>

export type EventOf<Tag extends Event.Event["_tag"]> = Tagged<Event.Event, Tag>

export type NoticeOf<Tag extends Notice.Notice["_tag"]> = Tagged<Notice.Notice, Tag>

/** Says why a step breaks the law, or nothing. */
export type Watch = (step: Step, at: number) => string | undefined

export const law = (id: string, sentence: string, watch: (trace: Trace, reduce: Reduce) => Watch): Law => ({
  id,
  sentence,
  check: (trace, reduce = Reducer.step) => follow(trace, watch(trace, reduce))
})

export const notices = <Tag extends Notice.Notice["_tag"]>(
  actions: ReadonlyArray<Action.Action>,
  tag: Tag
): ReadonlyArray<NoticeOf<Tag>> =>
  actions.flatMap((each) => each._tag === "Report" && isTagged(each.notice, tag) ? [each.notice] : [])

const isTagged = <Of extends { readonly _tag: string }, Tag extends Of["_tag"]>(
  value: Of,
  tag: Tag
): value is Tagged<Of, Tag> => value._tag === tag

const follow = (trace: Trace, watch: Watch): Judgement => {
  for (const [at, step] of trace.entries()) {
    const because = watch(step, at)
    if (because !== undefined) return { ok: false, at, because }
  }
  return kept
}

const kept: Judgement = { ok: true }
