/**
 * From what a user has to bytes for a socket: our serialiser, and others.
 */
import { Serialize } from "@xmpp-e2e/xml"
import { lineOf } from "../contenders/jsonLines.ts"
import { stanza } from "../contenders/plain.ts"
import { elementOf } from "../contenders/xmppXml.ts"
import { type Corpus, make } from "../corpus/corpus.ts"
import { counts, type Work } from "./work.ts"

const work = <A>(name: string, all: (corpus: Corpus) => ReadonlyArray<A>, write: (one: A) => string): Work => ({
  name,
  prepare: (kind) => {
    const values = all(make({ seed: 1, kind, count: counts[kind], sender: "initiator" }))
    const run = (): number => values.reduce((sum: number, each) => sum + Buffer.from(write(each)).length, 0)
    return { bytes: run(), run: () => void run() }
  }
})

const elements = (corpus: Corpus) => corpus.elements()

const bindings = [
  { prefix: "", namespace: "jabber:client" },
  { prefix: "stream", namespace: "http://etherx.jabber.org/streams" }
]

/** Ours first: the others are compared with it. */
export const writings: ReadonlyArray<Work> = [
  work("ours", elements, (element) => {
    if (Serialize.obstacle(element) !== undefined) throw new Error("the corpus cannot be written")
    return Serialize.element(element, bindings)
  }),
  work("without rules", elements, stanza),
  work("@xmpp/xml", (corpus) => corpus.elements().map((element) => elementOf(element)), String),
  work("JSON.stringify", (corpus) => corpus.objects(), lineOf)
]
