/**
 * The alarm that a key has changed (CERT-85): what was pinned, since when and how, and what came instead.
 *
 * @since 0.1.0
 */
import * as Fingerprint from "./Fingerprint.ts"
import { capital, listed, visible } from "./internal/visible.ts"
import type * as Pin from "./Pin.ts"

/**
 * What speaks against a certificate: pins of other ones.
 *
 * @since 0.1.0
 * @category models
 */
export interface Contradiction {
  readonly addresses: ReadonlyArray<string>
  /** Empty when there is nothing but bare fingerprints. */
  readonly pins: ReadonlyArray<Pin.Pin>
  /** SHA-256 of the key that came. */
  readonly key?: string
}

/**
 * A sentence. `shown` is the certificate that came, in words.
 *
 * @since 0.1.0
 * @category encoding
 */
export const alarm = (shown: string, { addresses, key, pins }: Contradiction): string => {
  const verified = pins.find((each) => each.verified !== undefined)
  const first = verified ?? pins[0]
  const more = pins.length - 1
  const before = first === undefined
    ? "another certificate"
    : `the ${isOfEither(first) ? "certificate or key" : "certificate"} with the SHA-256 fingerprint ${
      Fingerprint.display(first.certificate)
    } (${origins[first.how]}${since(first)}${more > 0 ? `, and ${more} more` : ""})`
  const change = first === undefined || first.key === "" || isOfEither(first) || key === undefined
    ? ""
    : first.key === key
    ? "; its key is the same, so it may be a renewal"
    : "; its key is another one, too"
  return `${capital(before)} is pinned to ${listed(addresses, "this peer")}, but ${shown} came${change}. `
    + (verified?.verified === undefined ? ordinary : grave(verified.verified))
}

const ordinary =
  "Unless its owner confirms the new fingerprint over another channel, somebody is in between; if it is confirmed, "
  + "remove the old pin and pin the new one"

/** What two people compared was no chance of a first meeting. */
const grave = ({ when }: Pin.Verified): string =>
  `The pinned one was verified on ${
    visible(when)
  }: two people compared a short string. So this is most likely an attack; `
  + "say nothing to this peer. Only if its owner tells you in person that the key is new, remove the old pin, pin the new "
  + "one and compare again"

/** Whoever configured it gave one fingerprint, and did not say of which of the two it is. */
const isOfEither = ({ certificate, key }: Pin.Pin): boolean => certificate === key

/** A pin out of a configuration has no date, or the first of all. */
const since = ({ firstSeen }: Pin.Pin): string => Date.parse(firstSeen) > 0 ? ` since ${visible(firstSeen)}` : ""

const origins: { readonly [How in Pin.How]: string } = {
  manual: "set by hand",
  firstUse: "known from a first use",
  offer: "from a confirmed offer",
  exchanged: "received over a trusted stream"
}
