/**
 * From bytes to what a handler can use: our reader on both of its roads, and others.
 */
import { Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as JsonLines from "../contenders/jsonLines.ts"
import { header, stanza } from "../contenders/plain.ts"
import * as Saxes from "../contenders/saxes.ts"
import * as XmppXml from "../contenders/xmppXml.ts"
import { type Corpus, make } from "../corpus/corpus.ts"
import { counts, type Work } from "./work.ts"

/** Calls `arrived` with what it read. */
type Begin = (arrived: (value: unknown) => void) => (bytes: Uint8Array) => void

/**
 * One reader for all runs, as a conversation has one. A new one for each would also be measured wrongly: when the last
 * instance of a class dies, the compiler forgets what it knew of it.
 */
const work = (
  name: string,
  before: string,
  write: (corpus: Corpus) => ReadonlyArray<string>,
  begin: Begin
): Work => ({
  name,
  prepare: (kind) => {
    const all = Buffer.from(write(make({ seed: 1, kind, count: counts[kind], sender: "initiator" })).join(""))
    const chunks = chunksOf(all)
    let arrived = 0
    const read = begin(() => void (arrived += 1))
    read(Buffer.from(before))
    return {
      bytes: all.length,
      run: () => {
        arrived = 0
        for (const chunk of chunks) read(chunk)
        if (arrived !== counts[kind]) throw new Error(`${name} read ${arrived} of ${counts[kind]}`)
      }
    }
  }
})

const asXml = (corpus: Corpus): ReadonlyArray<string> => corpus.elements().map(stanza)

const asJson = (corpus: Corpus): ReadonlyArray<string> => corpus.objects().map(JsonLines.lineOf)

const ours = (make: typeof Reader.make): Begin => (arrived) => {
  const reader = make(Limits.defaults)
  return (bytes) => {
    reader.push(bytes)
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      if (event._tag === "ElementRead") arrived(event.element)
      else if (event._tag === "Faulted") throw new Error(`our reader refuses: ${JSON.stringify(event.fault)}`)
    }
  }
}

/** As TLS gives them. */
const chunksOf = (all: Buffer): ReadonlyArray<Uint8Array> =>
  Array.from(
    { length: Math.ceil(all.length / chunkBytes) },
    (_, at) => all.subarray(at * chunkBytes, (at + 1) * chunkBytes)
  )

const chunkBytes = 16_384

/** Ours first: the others are compared with it. Older revisions have one road only. */
export const readings: ReadonlyArray<Work> = [
  work("ours", header, asXml, ours(Reader.make)),
  ...Reader.makeParsing === undefined
    ? []
    : [work("ours, by the parser alone", header, asXml, ours(Reader.makeParsing))],
  work("saxes, a tree", header, asXml, Saxes.reading),
  work("@xmpp/xml", header, asXml, XmppXml.reading),
  work("JSON.parse", "", asJson, JsonLines.reading)
]
