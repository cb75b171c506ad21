/**
 * Bytes to stream-level events, one at a time.
 *
 * Two roads lead there. `internal/document.ts` reads whatever there is, with the parser. First-level elements as nearly
 * every peer writes them are read by `internal/lane`, which is much faster and gives up at whatever is wrong or rare; then
 * the parser reads the element from its beginning. Nobody can tell from the events which road it was (decision record 24).
 *
 * @since 0.1.0
 */
import type { Element, RootTag } from "./Element.ts"
import type { XmlFault } from "./Fault.ts"
import * as Document from "./internal/document.ts"
import * as Lane from "./internal/lane/lane.ts"
import * as Unread from "./internal/unread.ts"
import type { Limits } from "./Limits.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type ReaderEvent =
  | { readonly _tag: "RootOpened"; readonly tag: RootTag }
  | {
    readonly _tag: "ElementRead"
    readonly element: Element
    /** NS-05: the first-level element itself was written with a prefix. */
    readonly prefixed: boolean
    /** NS-10: somewhere inside, a prefix other than the stream's own is used that only the header binds. */
    readonly headerPrefixed: boolean
  }
  /** A run of white space between first-level elements, reported once, when the next tag begins. */
  | { readonly _tag: "WhitespaceRead" }
  | { readonly _tag: "RootClosed" }
  | { readonly _tag: "Faulted"; readonly fault: XmlFault }

/**
 * After `Faulted` and after `RootClosed` (XML-23) a reader is at its end: nothing is read, restarted or kept any more.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reader {
  /** Adds bytes as they came. Cheap; nothing is parsed yet. The array is kept, not copied: do not write to it again. */
  readonly push: (bytes: Uint8Array) => void
  /** The next event, or `undefined`: feed me. Parses no byte beyond the one that completes the event. */
  readonly next: () => ReaderEvent | undefined
  /** A new document; the unread bytes stay (after SASL success, SASL-29). */
  readonly restart: () => void
  /** Gives the unread bytes away (to TLS, TLS-15) and forgets them. */
  readonly take: () => Uint8Array
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (limits: Limits): Reader => over(limits, Lane.make(limits))

/**
 * The same without the fast lane: the parser reads everything. To compare with.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeParsing = (limits: Limits): Reader => over(limits, undefined)

const over = (limits: Limits, lane: Lane.Lane | undefined): Reader => {
  const unread = Unread.make()
  let document: Document.Document | undefined = Document.begin(limits)
  return {
    push: (bytes) => {
      if (document !== undefined && bytes.length > 0) Unread.push(unread, bytes)
    },
    next: () => {
      const event = document === undefined ? undefined : advance(document, unread, lane)
      if (event?._tag === "RootOpened") lane?.enter(event.tag)
      else if (event?._tag === "Faulted" || event?._tag === "RootClosed") {
        document = undefined
        lane?.leave()
        Unread.clear(unread)
      }
      return event
    },
    restart: () => {
      if (document !== undefined) document = Document.begin(limits)
      lane?.leave()
    },
    take: () => {
      lane?.leave()
      return Unread.take(unread)
    }
  }
}

const advance = (
  document: Document.Document,
  unread: Unread.Unread,
  lane: Lane.Lane | undefined
): ReaderEvent | undefined => {
  for (;;) {
    const event = Document.completed(document)
    if (event !== undefined) return event
    if (unread.at === unread.size) {
      Unread.clear(unread)
      Document.rest(document)
      return undefined
    }
    if (Document.skip(document, unread)) return { _tag: "WhitespaceRead" }
    if (lane !== undefined && Document.isBetween(document)) {
      const read = lane.next(unread)
      if (read !== "strange") return read
    }
    if (unread.at < unread.size) Document.read(document, unread)
    const { fault } = document.tree
    if (fault !== undefined) return { _tag: "Faulted", fault }
  }
}
