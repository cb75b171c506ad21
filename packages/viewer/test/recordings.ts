/** Recordings to make pages of: those of the corpus, and some that nobody would send with good intent. */
import { Recording, Replay } from "@xmpp-e2e/recording"
import { Element } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import { readdirSync, readFileSync } from "node:fs"
import { expect } from "vitest"
import { Page } from "../src/index.ts"
import type { Model } from "../src/internal/model.ts"

const corpus = new URL("../../recording/corpus/sessions/", import.meta.url)

export const names = readdirSync(corpus).map((file) => file.replace(/\.ndjson$/, "")).sort()

export const textOf = (name: string): string => readFileSync(new URL(`${name}.ndjson`, corpus), "utf8")

export const decoded = (text: string): Recording.Recording => Result.getOrThrow(Recording.decode(text))

export const source = (name: string): Page.Source => ({ name, recording: decoded(textOf(name)) })

export const pageOf = (first: Page.Source, second?: Page.Source): string => Result.getOrThrow(Page.make(first, second))

/** What stands in the block of data, as a browser would read it. */
export const dataIn = (page: string): Model => {
  const [, data = "", ...more] = page.split("<script type=\"application/json\" id=\"data\">")
  expect(more).toEqual([])
  return JSON.parse(data.slice(0, data.indexOf("</script>")))
}

/** A session in which somebody sends a message with this body. */
export const saying = (body: string): Page.Source => {
  const { name, recording } = source("secure-session.initiator")
  const lines = recording.lines.map((line): Recording.Line =>
    Recording.isStep(line) && line.event._tag === "SendRequested"
      ? { ...line, event: { ...line.event, stanza: letter(body) } }
      : line
  )
  return { name, recording: Replay.renew({ ...recording, lines }) }
}

/** So many steps: white space that comes in and changes nothing. */
export const long = (steps: number): Page.Source => {
  const { name, recording } = source("secure-session.initiator")
  const open = Recording.steps(recording).findIndex(({ state }) => state === "Established") + 1
  const lines = recording.lines.slice(0, open)
  for (let seq = open; seq < steps; seq++) {
    lines.push({ seq, at: seq * 10, event: { _tag: "WhitespaceReceived" }, actions: [], state: "Established" })
  }
  return { name, recording: { ...recording, lines } }
}

const letter = (body: string): Element.Element =>
  Element.make("jabber:client", "message", {}, [Element.make("jabber:client", "body", {}, [body])])
