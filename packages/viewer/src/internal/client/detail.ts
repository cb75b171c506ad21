/** The selected step in full: its event, what was asked for, the state it led to, and the bytes on the wire. */
import type { Action, Event } from "@xmpp-e2e/protocol"
import type { Chunk, Model, Side, Step } from "../model.ts"
import { decode, dump } from "./bytes.ts"
import { button, make } from "./dom.ts"
import { timeTravel } from "./states.ts"
import { seconds, visible } from "./text.ts"
import { tree } from "./tree.ts"
import { evidenceOf, verdictOf, verdictView } from "./verdictView.ts"
import { rootTag, xml } from "./xml.ts"

/** @internal */
export interface Details {
  readonly element: HTMLElement
  /** The steps that the sides have reached; that of `first` on top. */
  readonly show: (steps: ReadonlyArray<number>, first: 0 | 1) => void
}

/** @internal `go` shows a step of a side. */
export const details = (model: Model, go: (side: 0 | 1, step: number) => void): Details => {
  const sides = model.sides.map((side, index) => detail(side, (step) => go(index === 0 ? 0 : 1, step)))
  const element = make("div", { class: "details", id: "details", tabindex: "-1" })
  return {
    element,
    show: (steps, first) => {
      const shown = sides.map((show, side) => show(steps[side] ?? -1))
      element.replaceChildren(...(first === 1 ? shown.toReversed() : shown))
      element.scrollTop = 0
    }
  }
}

/** Shows the step of one side; none before its first. */
const detail = (side: Side, go: (step: number) => void): (at: number) => HTMLElement => {
  const stateAt = timeTravel(side)
  const chunks = Map.groupBy(side.wire, ({ step }) => step)
  const judged = side.steps.flatMap((step, at) => verdictOf(step) === undefined ? [] : [at])
  return (at) => {
    const step = side.steps[at]
    const body = make("article", { class: "detail", "aria-label": `${side.self}, step ${at}` })
    if (step === undefined) {
      body.append(make("h2", {}, visible(side.self)), make("p", { class: "dim" }, "Has not begun."))
      return body
    }
    const before = side.steps[at - 1]?.state ?? "Dormant"
    body.append(
      make("h2", {}, visible(side.self), make("small", {}, `step ${at} of ${side.steps.length} · ${seconds(step.at)}`)),
      make("p", { class: "move" }, make("code", {}, visible(before)), " → ", make("code", {}, visible(step.state)))
    )
    const verdict = verdictOf(step)
    if (verdict !== undefined) body.append(verdictView(verdict, evidenceOf(step)))
    body.append(section("Event", make("p", { class: "tag" }, step.event._tag), event(step.event)))
    body.append(section("Actions", actions(step.actions)))
    body.append(...wire(chunks.get(at) ?? []))
    body.append(section("State after it", changes(step), tree(stateAt(at))))
    if (verdict === undefined) body.append(...earlier(side, judged, at, go))
    if (side.trust !== undefined && (verdict !== undefined || at === 0)) {
      body.append(section("Whom this side believes", tree(side.trust, 3)))
    }
    return body
  }
}

const section = (title: string, ...children: ReadonlyArray<Node>): HTMLElement =>
  make("section", {}, make("h3", {}, title), ...children)

const event = (event: Event.Event): HTMLElement => {
  const parts = make("div")
  if (event._tag === "ElementReceived") parts.append(code(xml(event.element)))
  if (event._tag === "SendRequested") parts.append(code(xml(event.stanza)))
  if (event._tag === "HeaderReceived") parts.append(code(rootTag(event.tag)))
  const { _tag, ...rest } = event
  if (Object.keys(rest).length > 0) parts.append(tree(rest, 1))
  return parts
}

const actions = (actions: ReadonlyArray<Action.Action>): HTMLElement => {
  if (actions.length === 0) return make("p", { class: "dim" }, "Nothing was asked for.")
  const list = make("ol", { class: "actions" })
  for (const action of actions) {
    const { _tag, ...rest } = action
    const item = make("li", {}, make("span", { class: "tag" }, _tag))
    if (action._tag === "SendElement") item.append(code(xml(action.element)))
    if (action._tag === "Deliver") item.append(code(xml(action.stanza)))
    if (Object.keys(rest).length > 0) item.append(tree(rest, 1))
    list.append(item)
  }
  return list
}

const wire = (chunks: ReadonlyArray<Chunk>): ReadonlyArray<HTMLElement> =>
  chunks.slice(0, chunksMax).map((chunk) => {
    const bytes = decode(chunk.bytes)
    const title = `${chunk.way === "in" ? "Bytes received" : "Bytes sent"} · ${seconds(chunk.at)}`
    if (bytes === undefined) return section(title, make("p", { class: "bad" }, "The recording holds no base64 here."))
    const text = new TextDecoder().decode(bytes)
    return section(title, make("div", { class: "beside" }, code(dump(bytes), "Bytes"), code(text, "The same as text")))
  })

const changes = ({ patch }: Step): HTMLElement =>
  patch.length === 0
    ? make("p", { class: "dim" }, "Nothing changed in it.")
    : make(
      "p",
      { class: "changed" },
      "Changed: ",
      ...patch.slice(0, 12).flatMap(({ path }, index) => [
        index === 0 ? "" : " ",
        make("code", {}, visible(path.join(".")))
      ])
    )

/** The verdict that a later step still stands on. */
const earlier = (
  side: Side,
  judged: ReadonlyArray<number>,
  at: number,
  go: (step: number) => void
): ReadonlyArray<HTMLElement> => {
  const last = judged.findLast((step) => step < at) ?? -1
  const step = side.steps[last]
  const verdict = step === undefined ? undefined : verdictOf(step)
  if (step === undefined || verdict === undefined) return []
  const details = make("details", { class: "earlier" })
  details.append(
    make("summary", {}, `Verdict of step ${last}: ${verdict.decision} ${verdict.code} (${visible(verdict.rule)})`)
  )
  details.append(verdictView(verdict, evidenceOf(step)))
  details.append(button(`Go to step ${last}`, { class: "quiet" }, () => go(last)))
  return [details]
}

const code = (text: string, label = "XML"): HTMLElement =>
  make("pre", { tabindex: "0", role: "region", "aria-label": label }, visible(text, true))

const chunksMax = 8
