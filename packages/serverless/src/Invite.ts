/**
 * A first contact without trust on first use: an XMPP URI (RFC 5122) that says who somebody is, by which certificate he is
 * known, and where he listens.
 *
 *     xmpp:mira@tansy?invite-e2e;sha-256=9F86…0A08;at=192.0.2.7%3A5298
 *
 * Whoever gets it from its owner's hand needs to believe nobody else. Why it is this form stands in decision 22; how a URI
 * is taken apart, in `internal/uri.ts`. What follows from an invite is up to whoever uses it.
 *
 * @since 0.1.0
 */
import * as Fingerprint from "@xmpp-e2e/certificates/Fingerprint"
import { Address } from "@xmpp-e2e/protocol"
import type * as Connection from "@xmpp-e2e/transport/Connection"
import * as Data from "effect/Data"
import * as Result from "effect/Result"
import * as places from "./internal/places.ts"
import * as uri from "./internal/uri.ts"

/**
 * `address` is bare and prepared; `certificate` is the SHA-256 of the DER certificate, 64 lower-case hexadecimal digits.
 * `places` are where to look first, in this order; hosts are names in ASCII or literals in their one canonical form, without
 * brackets. There may be none: then whoever wants to talk has to find him.
 *
 * @since 0.1.0
 * @category models
 */
export interface Invite {
  readonly address: string
  readonly naming: Address.Naming
  readonly certificate: string
  readonly places: ReadonlyArray<Connection.Endpoint>
}

/**
 * The text is no invite, or what was to be put into one does not go in. `detail` says more where there is more to say; it
 * holds nothing of what a stranger wrote.
 *
 * - `notAnInvite`: another scheme or query type
 * - `tooLong`: more characters than any invite has
 * - `account`: it says which account of ours is to be used (RFC 5122 §2.2), which an invite has no business to
 * - `malformed`: a key of which there is one is there twice
 * - `address`, `naming`, `fingerprint`, `place`: missing, or not in its form
 * - `places`: more of them than anybody should try
 *
 * @since 0.1.0
 * @category errors
 */
export class InviteUnsound extends Data.TaggedError("InviteUnsound")<{
  readonly reason:
    | "notAnInvite"
    | "tooLong"
    | "account"
    | "malformed"
    | "address"
    | "naming"
    | "fingerprint"
    | "place"
    | "places"
  readonly detail?: string
}> {
  override get message(): string {
    return sentences[this.reason] + (this.detail === undefined ? "" : ` ${this.detail}`)
  }
}

/**
 * Brings the parts into their form: the address is prepared and loses its resource, the fingerprint may have any usual
 * notation, places of scope link are left out, because a zone says nothing on another machine (RFC 4007 §6).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (parts: Invite): Result.Result<Invite, InviteUnsound> => {
  const { naming } = parts
  const address = Address.bareText(parts.address, naming)
  if (address === undefined) return unsound("address", Address.explain(parts.address, naming)?.text)
  const certificate = Fingerprint.normalise(parts.certificate)
  if (!Fingerprint.isSha256(certificate)) return unsound("fingerprint")
  const all = parts.places.map(places.prepare)
  const sound = all.flatMap((each) => typeof each === "object" ? [each] : [])
  if (all.includes("none")) return unsound("place")
  return all.length > placesMax
    ? unsound("places")
    : Result.succeed({ address, naming, certificate, places: sound })
}

/**
 * The URI. It holds nothing that is not ASCII, and nothing that RFC 5122 reserves. The fingerprint is in upper case, which a
 * QR code packs best. Reading it gives the same invite, if `make` made it.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = ({ address, certificate, naming, places: all }: Invite): string =>
  uri.encode(address, queryType, [
    [keys.certificate, certificate.toUpperCase()],
    ...naming === "linkLocal" ? [[keys.naming, linkLocal] as const] : [],
    ...all.map((each) => [keys.place, places.format(each)] as const)
  ])

/**
 * Reads what somebody pasted, scanned or typed. Total, and bounded by the length that it takes. Keys that are not known are
 * passed over, and so is a fragment.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (text: string): Result.Result<Invite, InviteUnsound> => {
  const whole = text.trim()
  if (whole.length > charactersMax) return unsound("tooLong")
  const read = uri.decode(whole)
  if (read === undefined || read.queryType !== queryType) return unsound("notAnInvite")
  if (read.hasAccount) return unsound("account")
  const valuesOf = (key: string) => read.pairs.flatMap((each) => each.key === key ? [each.value] : [])
  const [named, certificates, found] = [valuesOf(keys.naming), valuesOf(keys.certificate), valuesOf(keys.place)]
  if (named.length > 1 || certificates.length > 1) return unsound("malformed")
  const [flag] = named
  if (named.length === 1 && flag !== linkLocal) return unsound("naming")
  const [certificate] = certificates
  if (certificate === undefined) return unsound("fingerprint")
  const naming = flag === linkLocal ? "linkLocal" : "jid"
  if (read.path === undefined || !isBare(read.path, naming)) return unsound("address")
  if (found.length > placesMax) return unsound("places")
  const all = found.map((each) => each === undefined ? undefined : places.parse(each))
  const sound = all.filter((each) => each !== undefined)
  return sound.length < all.length
    ? unsound("place")
    : make({ address: read.path, naming, certificate, places: sound })
}

/** An invite is from somebody, not from one of his devices; a slash behind a percent sign would be one all the same. */
const isBare = (text: string, naming: Address.Naming): boolean => {
  const address = Address.parse(text, naming)
  return address === undefined || address.resource === undefined
}

const unsound = (reason: InviteUnsound["reason"], detail?: string) =>
  Result.fail(new InviteUnsound({ reason, ...detail === undefined ? {} : { detail } }))

const queryType = "invite-e2e"
const keys = { certificate: "sha-256", naming: "naming", place: "at" } as const
const linkLocal = "link-local"
/** Each may take five seconds. */
const placesMax = 8
/** Room for the longest address with every octet escaped, and for as many places as there may be. */
const charactersMax = 12_000

const sentences: { readonly [Reason in InviteUnsound["reason"]]: string } = {
  notAnInvite:
    "This is no invite: one starts with xmpp: and has ?invite-e2e in it; copy it whole, or ask for it to be sent anew.",
  tooLong: `An invite has at most ${charactersMax} characters; copy nothing but the invite.`,
  account: "The invite wants to choose which account you use, with // after xmpp:; take these out if you trust it.",
  malformed: "The invite says something twice of which there is one; it was changed on its way, so ask for it anew.",
  address: "The invite does not say whose it is: its address is none, or has a resource; ask for it to be sent anew.",
  naming: "The invite names somebody by rules that are not known here; a newer version of this program may know them.",
  fingerprint:
    "The invite has no SHA-256 fingerprint of 64 hexadecimal digits, by which its owner is known; ask for it anew.",
  place: "A place in the invite is no host and port, such as 192.0.2.7:5298 or [2001:db8::7]:5298; ask for it anew.",
  places: `An invite has at most ${placesMax} places; leave out those that are of no use to others.`
}
