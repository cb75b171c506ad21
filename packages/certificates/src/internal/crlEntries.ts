/**
 * The entries of a CRL, of which there may be hundreds of thousands. All are looked through once, in one pass; what is kept
 * is where they stand and a table by serial number. An entry becomes an object only when it is asked for.
 *
 * RFC 5280 §5.1.2.6, §5.3.
 *
 * @internal
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import * as GeneralName from "../GeneralName.ts"
import { equal } from "./bytes.ts"
import { readList } from "./extensionList.ts"
import * as oids from "./oids.ts"
import { type Cause, readCause } from "./reasons.ts"
import * as Shallow from "./shallow.ts"

export interface Entry {
  /** The octets of the INTEGER in hex, as in a certificate. */
  readonly serial: string
  /** Milliseconds since 1970: when it was revoked. */
  readonly at: number
  readonly reason: Cause
  /** Milliseconds since 1970: since when its key has been in doubt. */
  readonly invalidSince?: number
}

export interface Entries {
  readonly octets: Uint8Array
  readonly starts: Uint32Array
  /** The last entry of each bucket, and before each entry the one before it; -1 where there is none. */
  readonly buckets: Int32Array
  readonly before: Int32Array
  /** From which entry on they are about certificates of another issuer (RFC 5280 §5.3.3). */
  readonly issuers: ReadonlyArray<{ readonly from: number; readonly names: ReadonlyArray<string> }>
  /** Critical extensions that nobody here knows. */
  readonly unknownCritical: ReadonlyArray<string>
}

export const none: Entries = {
  octets: new Uint8Array(),
  starts: new Uint32Array(),
  buckets: new Int32Array(1).fill(-1),
  before: new Int32Array(),
  issuers: [],
  unknownCritical: []
}

/** `octets` is the content of revokedCertificates. */
export const scan = (octets: Uint8Array): Der.Read<Entries> => {
  const starts: Array<number> = []
  const hashes: Array<number> = []
  const issuers: Array<{ readonly from: number; readonly names: ReadonlyArray<string> }> = []
  const unknownCritical = new Set<string>()
  for (let at = 0; at < octets.length;) {
    const read = readEntry(octets, at)
    if (Result.isFailure(read)) return Result.fail(read.failure)
    const { details: { issuer, unknown }, next, serial } = read.success
    if (issuer !== undefined) issuers.push({ from: starts.length, names: issuer })
    unknown.forEach((each) => unknownCritical.add(each))
    starts.push(at)
    hashes.push(hash(serial))
    at = next
  }
  return Result.succeed({
    octets,
    starts: Uint32Array.from(starts),
    ...index(hashes),
    issuers,
    unknownCritical: [...unknownCritical]
  })
}

/**
 * What a CRL says of a serial number. `own` is its issuer, `issuer` that of the certificate; both as `comparable`. An entry
 * that revokes wins over one that takes it back.
 */
export const find = (entries: Entries, own: string, issuer: string, serial: string): Entry | undefined => {
  const wanted = Result.getOrElse(Hex.decode(serial), () => new Uint8Array())
  let withdrawn: Entry | undefined
  let at = entries.buckets[hash(wanted) & (entries.buckets.length - 1)] ?? -1
  for (; at >= 0; at = entries.before[at] ?? -1) {
    const read = Result.getOrUndefined(readEntry(entries.octets, entries.starts[at] ?? 0))
    if (read === undefined || !equal(read.serial, wanted) || !issuersAt(entries, own, at).includes(issuer)) continue
    const { invalidSince, reason } = read.details
    const entry = { serial, at: read.at, reason, ...invalidSince === undefined ? {} : { invalidSince } }
    if (reason !== "removeFromCRL") return entry
    withdrawn = entry
  }
  return withdrawn
}

const issuersAt = ({ issuers }: Entries, own: string, at: number): ReadonlyArray<string> =>
  issuers.findLast(({ from }) => from <= at)?.names ?? [own]

const index = (hashes: ReadonlyArray<number>): Pick<Entries, "before" | "buckets"> => {
  const buckets = new Int32Array(2 ** Math.ceil(Math.log2(hashes.length + 1))).fill(-1)
  const before = new Int32Array(hashes.length)
  for (const [at, each] of hashes.entries()) {
    const bucket = each & (buckets.length - 1)
    before[at] = buckets[bucket] ?? -1
    buckets[bucket] = at
  }
  return { buckets, before }
}

/** FNV-1a. */
const hash = (octets: Uint8Array): number => {
  let sum = 0x811c9dc5
  for (const each of octets) sum = Math.imul(sum ^ each, 0x01000193)
  return sum
}

interface Reading {
  readonly serial: Uint8Array
  readonly at: number
  readonly next: number
  readonly details: Details
}

/** Runs for every entry, hence without generators. */
const readEntry = (octets: Uint8Array, start: number): Der.Read<Reading> => {
  const head = Shallow.head(octets, start)
  if (Result.isFailure(head)) return Result.fail(head.failure)
  const { from, next, tag } = head.success
  const values = Shallow.values(octets.subarray(from, next))
  if (Result.isFailure(values)) return Result.fail(values.failure)
  const [number, date, extensions, more] = values.success
  if (tag !== Der.tags.sequence || more !== undefined) {
    return Der.wrong("CERT-20", "an entry of the CRL has another shape")
  }
  const serial = Der.integer(number, "the serial number of an entry")
  if (Result.isFailure(serial)) return Result.fail(serial.failure)
  const at = Der.time(date, "the date of an entry")
  if (Result.isFailure(at)) return Result.fail(at.failure)
  const read = extensions === undefined ? Result.succeed(plain) : readExtensions(extensions)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  return Result.succeed({ serial: serial.success, at: at.success, next, details: read.success })
}

interface Details extends Pick<Entry, "invalidSince" | "reason"> {
  readonly issuer: ReadonlyArray<string> | undefined
  readonly unknown: ReadonlyArray<string>
}

const plain: Details = { reason: "unspecified", issuer: undefined, unknown: [] }

const readExtensions = (value: Der.Value): Der.Read<Details> =>
  Result.gen(function*() {
    let details = plain
    for (const { isCritical, oid, value: content } of yield* readList(yield* Der.decode(value.raw))) {
      if (oid === oids.reasonCode) {
        details = { ...details, reason: yield* readCause(yield* Der.decode(content)) }
      } else if (oid === oids.invalidityDate) {
        details = { ...details, invalidSince: yield* Der.time(yield* Der.decode(content), "the date of invalidity") }
      } else if (oid === oids.certificateIssuer) {
        const names = yield* GeneralName.readAll(yield* Der.decode(content), "the issuer of a revoked certificate")
        details = {
          ...details,
          issuer: names.flatMap((each) => each._tag === "Directory" ? [each.name.comparable] : [])
        }
      } else if (isCritical) {
        details = { ...details, unknown: [...details.unknown, oid] }
      }
    }
    return details
  })
