/**
 * The numbers of record types that link-local messaging needs (RFC 1035 §3.2.2, RFC 3596, RFC 2782, RFC 4034).
 *
 * @internal
 */
import type { RecordData } from "../../mdns/Message.ts"

export const A = 1
export const PTR = 12
export const TXT = 16
export const AAAA = 28
export const SRV = 33
export const NSEC = 47
export const ANY = 255

export const typeOf = (data: RecordData): number => data.type === "other" ? data.code : codes[data.type]

const codes = { A, PTR, TXT, AAAA, SRV }
