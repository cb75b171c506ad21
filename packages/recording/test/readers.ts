/** Readers with one fault each, made from the real one: what reading recorded bytes again has to find. */
import type { Element, Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"

export type Reads = (limits: Limits.Limits) => Reader.Reader

export interface Fault {
  /** "a reader that …" */
  readonly sentence: string
  readonly reads: Reads
  /** A recording of the corpus that finds it. */
  readonly finds: string
}

const over = (fault: (reader: Reader.Reader, limits: Limits.Limits) => Partial<Reader.Reader>): Reads => (limits) => {
  const reader = Reader.make(limits)
  return { ...reader, ...fault(reader, limits) }
}

/** Changes what the reader says; what becomes `undefined` is swallowed. */
const saying = (change: (event: Reader.ReaderEvent) => Reader.ReaderEvent | undefined): Reads =>
  over((reader) => ({
    next: () => {
      for (let event = reader.next(); event !== undefined; event = reader.next()) {
        const changed = change(event)
        if (changed !== undefined) return changed
      }
      return undefined
    }
  }))

/** Changes each chunk, as text of one character an octet. */
const given = (change: (chunk: string) => string): Reads =>
  over((reader) => ({
    push: (bytes) => reader.push(Buffer.from(change(Buffer.from(bytes).toString("latin1")), "latin1"))
  }))

const inElements = (change: (element: Element.Element) => Element.Element): Reads =>
  saying((event) => event._tag === "ElementRead" ? { ...event, element: change(event.element) } : event)

const texts = (change: (text: string) => string) => (element: Element.Element): Element.Element => ({
  ...element,
  children: element.children.map((child) => typeof child === "string" ? change(child) : texts(change)(child))
})

export const faults: ReadonlyArray<Fault> = [
  {
    sentence: "swallows white space",
    reads: saying((event) => event._tag === "WhitespaceRead" ? undefined : event),
    finds: "bytes-behind-the-footer.recipient"
  },
  {
    sentence: "accepts a comment",
    reads: given((chunk) => chunk.replaceAll(/<!--.*?-->/g, "")),
    finds: "bytes-of-a-comment.recipient"
  },
  {
    sentence: "keeps what it gave to TLS",
    reads: over((reader) => ({
      take: () => {
        const bytes = reader.take()
        reader.push(bytes)
        return bytes
      }
    })),
    finds: "residue-to-tls.recipient"
  },
  {
    sentence: "forgets what was unread when a new document begins",
    reads: over((reader) => ({
      restart: () => {
        reader.take()
        reader.restart()
      }
    })),
    finds: "residue-to-restart.recipient"
  },
  {
    sentence: "goes on with the old document",
    reads: over(() => ({ restart: () => {} })),
    finds: "bytes-of-a-session.initiator"
  },
  {
    sentence: "overlooks the footer",
    reads: saying((event) => event._tag === "RootClosed" ? undefined : event),
    finds: "bytes-behind-the-footer.recipient"
  },
  {
    sentence: "takes octets for characters",
    reads: over((reader) => ({
      push: (bytes) => reader.push(Buffer.from(Buffer.from(bytes).toString("latin1"), "utf8"))
    })),
    finds: "byte-by-byte.recipient"
  },
  {
    sentence: "decodes each chunk for itself",
    reads: over((reader) => ({ push: (bytes) => reader.push(Buffer.from(new TextDecoder().decode(bytes))) })),
    finds: "byte-by-byte.recipient"
  },
  {
    sentence: "repairs what is not UTF-8",
    reads: given((chunk) => chunk.replaceAll("\xc3\x28", "?")),
    finds: "bytes-of-no-utf-8.recipient"
  },
  {
    sentence: "drops what is not ASCII",
    reads: inElements(texts((text) => text.replace(/[^\x20-\x7e]/gu, ""))),
    finds: "bytes-of-a-session.recipient"
  },
  {
    sentence: "leaves references as they are",
    reads: inElements(texts((text) => text.replaceAll("&", "&amp;"))),
    finds: "bytes-of-a-session.recipient"
  },
  {
    sentence: "takes the content of CDATA for markup",
    reads: given((chunk) => chunk.replaceAll(/<!\[CDATA\[<(.*?)>\]\]>/g, "<x/>$1")),
    finds: "bytes-of-a-session.initiator"
  },
  {
    sentence: "closes what was left open",
    reads: given((chunk) => chunk.replace("</message></body>", "</body></message>")),
    finds: "bytes-of-mismatched-tags.initiator"
  },
  {
    sentence: "has another word for a fault",
    reads: saying((event) =>
      event._tag === "Faulted" ? { ...event, fault: { ...event.fault, kind: "notWellFormed" } } : event
    ),
    finds: "bytes-of-a-comment.recipient"
  },
  {
    sentence: "completes what was cut off",
    reads: given((chunk) => chunk.replace(/<message><bo$/, "<message/>")),
    finds: "bytes-until-cut-off.recipient"
  },
  {
    sentence: "loses the prefix of the header",
    reads: saying((event) =>
      event._tag === "RootOpened" ? { ...event, tag: { ...event.tag, prefix: "stream" } } : event
    ),
    finds: "residue-to-tls.initiator"
  }
]
