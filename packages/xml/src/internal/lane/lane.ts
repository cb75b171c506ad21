/**
 * The fast lane: first-level elements, looked at byte by byte, without the parser. It takes what nearly every peer writes,
 * and proves it well-formed and within the limits as it goes. Whatever is wrong, or merely rare (CDATA, declared prefixes,
 * CR, names that are not ASCII), is strange to it, and the parser reads the element from its beginning. That is decided at
 * the latest at the byte at which the parser would refuse it, so nobody can tell which of them read.
 *
 * It may be cut at any byte, and no byte is looked at more than a few times.
 */
import type { RootTag } from "../../Element.ts"
import type { Limits } from "../../Limits.ts"
import type { ReaderEvent } from "../../Reader.ts"
import type { Unread } from "../unread.ts"
import { build } from "./build.ts"
import { CUT } from "./place.ts"
import { run } from "./run.ts"
import * as Scan from "./scan.ts"
import { shared } from "./words.ts"

export interface Lane {
  /** A document has this root. */
  readonly enter: (root: RootTag) => void
  /**
   * Called where a first-level element begins. The element; `undefined` if more bytes are needed, and then nothing is
   * taken; or `strange`, and then the parser has to read it.
   */
  readonly next: (unread: Unread) => ReaderEvent | "strange" | undefined
  /** What was begun is forgotten. */
  readonly leave: () => void
}

export const make = (limits: Limits): Lane => new Fast(limits)

class Fast implements Lane {
  readonly #limits: Limits
  #ground: Scan.Ground | undefined
  #begun: Scan.Scan | undefined

  constructor(limits: Limits) {
    this.#limits = limits
  }

  enter({ declarations, namespace, prefix }: RootTag): void {
    const byDefault = declarations.find((each) => each.prefix === "")?.namespace ?? ""
    const isPlain = [byDefault, prefix, namespace].every((each) => ascii.test(each))
    const { attributesMax, depthMax } = this.#limits
    // A document of other names than nearly all is for the parser.
    this.#ground = isPlain
      ? {
        attributesMax,
        depthMax,
        byDefault: shared(byDefault),
        prefix: shared(prefix),
        namespace: shared(namespace)
      }
      : undefined
  }

  next(unread: Unread): ReaderEvent | "strange" | undefined {
    const { at, bytes, size } = unread
    const ground = this.#ground
    if (ground === undefined || bytes[at] !== LESS) return "strange"
    const scan = this.#begin(at)
    scan.view = unread.view
    const { elementBytesMax } = this.#limits
    const end = run(scan, ground, bytes, Math.min(size, at + elementBytesMax))
    unread.view = scan.view
    // XML-18: beyond the limit the parser refuses it.
    if (end === CUT && size - at <= elementBytesMax) return undefined
    const event = end > 0 ? take(scan, unread, end) : "strange"
    this.leave()
    return event
  }

  leave(): void {
    if (this.#begun !== undefined) Scan.release(this.#begun)
    this.#begun = undefined
  }

  /** Or goes on with what was begun, which may have moved. */
  #begin(at: number): Scan.Scan {
    if (this.#begun === undefined) this.#begun = Scan.acquire(at)
    else Scan.move(this.#begun, at)
    return this.#begun
  }
}

const take = (scan: Scan.Scan, unread: Unread, end: number): ReaderEvent => {
  const text = decoder.decode(unread.bytes.subarray(unread.at, end))
  unread.at = end
  return { _tag: "ElementRead", element: build(scan.tokens, text), prefixed: scan.prefixed, headerPrefixed: false }
}

/** Of the Encoding Standard, and so of every engine that JavaScript runs in. No other part of a platform is asked. */
declare const TextDecoder: new(
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean }
) => { readonly decode: (bytes: Uint8Array) => string }

/** All of it has been looked at, so it cannot fail. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const ascii = /^[\0-\x7F]*$/
const LESS = 0x3C
