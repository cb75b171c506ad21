/**
 * What our names do not have, said at once, so that nobody waits for it (RFC 6762 §6.1): a record NSEC for each of them lists the types
 * that there are. What others say in such records is not read.
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import type { Question, ResourceRecord } from "../../mdns/Message.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import { dataBytes } from "../dns/writing.ts"
import { instanceIn } from "./service.ts"
import * as Times from "./times.ts"

/** One for each name among these records, that only we have. */
export const denials = (unique: ReadonlyArray<ResourceRecord>): ReadonlyArray<ResourceRecord> =>
  [...Map.groupBy(unique, ({ name }) => fold(name)).values()].flatMap((records) => {
    const [first] = records
    if (first === undefined) return []
    const bytes = bytesOf(first.name, records.map(({ data }) => Types.typeOf(data)))
    return [{ name: first.name, ttl: Times.hostTtl, flush: true, data: { type: "other", code: Types.NSEC, bytes } }]
  })

export const isDenial = ({ data }: ResourceRecord): boolean => data.type === "other" && data.code === Types.NSEC

/**
 * Whether this denial is the answer. Of the name of the machine, which other programs have too, we know the addresses and no more: what
 * else it has is theirs to say.
 */
export const denies = (
  denial: ResourceRecord,
  { name, type }: Question,
  unique: ReadonlyArray<ResourceRecord>
): boolean => {
  if (fold(name) !== fold(denial.name) || type === Types.ANY) return false
  if (type === Types.NSEC) return true
  const isAddress = type === Types.A || type === Types.AAAA
  if (instanceIn(name) === undefined && !isAddress) return false
  return !unique.some((record) => fold(record.name) === fold(name) && Types.typeOf(record.data) === type)
}

/** §6.2: to whom is told of addresses of one family is told that there are none of the other. */
export const missingFamily = (
  records: ReadonlyArray<ResourceRecord>,
  all: ReadonlyArray<ResourceRecord>
): ReadonlyArray<ResourceRecord> =>
  all.filter((denial) => {
    if (!isDenial(denial)) return false
    const same = ({ name }: ResourceRecord): boolean => fold(name) === fold(denial.name)
    const families = (some: ReadonlyArray<ResourceRecord>): number =>
      new Set(some.flatMap((record) => same(record) && "address" in record.data ? [record.data.type] : [])).size
    return families(records) === 1 && families(all) === 1
  })

/** RFC 4034 §4.1: the name that follows, which is the same one, and a bit for each type. */
const bytesOf = (name: string, types: ReadonlyArray<number>): string => {
  const bits = new Uint8Array(Math.floor(Math.max(...types) / 8) + 1)
  for (const type of types) bits[type >> 3] = (bits[type >> 3] ?? 0) | (0x80 >> (type & 7))
  return Base64.encode(Uint8Array.from([...dataBytes({ type: "PTR", target: name }), 0, bits.length, ...bits]))
}
