/** Recordings to make pages of: those of the corpus, and some that nobody would send with good intent. */
import type { Verdict } from "@xmpp-e2e/protocol"
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

/** A session that a recipient refuses, with what the verdict rests on. */
export const refused = (evidence: Verdict.Evidence): Page.Source => {
  const { name, recording } = source("initiator-not-believed.recipient")
  const lines = recording.lines.map((line): Recording.Line =>
    Recording.isStep(line) && line.event._tag === "PeerJudged" ? { ...line, event: { ...line.event, evidence } } : line
  )
  return { name, recording: { ...recording, lines } }
}

export const certificate = (
  name: string,
  issuer: string,
  more: Partial<Verdict.CertificateFacts> = {}
): Verdict.CertificateFacts => ({
  sent: true,
  subject: `CN=${name}`,
  issuer: `CN=${issuer}`,
  serial: "01",
  names: [],
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2027, 0, 1),
  key: "P-256",
  ...more
})

export const rule = (words: string, holds: boolean, more: Partial<Verdict.Claim> = {}): Verdict.Claim => ({
  about: "rule",
  words,
  holds,
  needs: "all",
  reasons: [],
  ...more
})

export const claim = (
  about: Verdict.Claim["about"],
  reasons: ReadonlyArray<Verdict.Claim>,
  more: Partial<Verdict.Claim> = {}
): Verdict.Claim => ({
  about,
  words: about,
  holds: reasons.every(({ holds }) => holds),
  needs: "all",
  reasons,
  ...more
})

/** A peer whose certificate has run out, below an authority that it did not send. */
export const expired: Verdict.Evidence = {
  certificates: [
    certificate("romeo", "Between", { names: [{ kind: "xmppAddr", value: "romeo@forza" }] }),
    certificate("Between", "Root"),
    certificate("Root", "Root", { sent: false, fingerprint: "ab".repeat(32) })
  ],
  proof: claim("verdict", [
    rule("Nothing else is against it", false, { rule: "CERT-99" }),
    claim("path", [
      claim("certificate", [rule("It is one of the anchors", true, { rule: "CERT-42" })], { certificate: 2 }),
      claim("certificate", [rule("It is within its dates", true, { rule: "CERT-30" })], { certificate: 1 }),
      claim("certificate", [
        rule("It has a key that is strong enough", true, { rule: "CERT-38" }),
        rule("It is within its dates", false, {
          rule: "CERT-86",
          source: "RFC 5280 §6.1.3 (a)(2)",
          found: "it expired at 2026-01-01"
        })
      ], { certificate: 0 })
    ])
  ])
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
