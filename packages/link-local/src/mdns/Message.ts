/**
 * A message of multicast DNS as plain data, and its bytes (RFC 1035 §4, RFC 6762 §18). Reading is total: whatever comes from the
 * network gives a message or a reason. What messages mean is the business of `Step.ts`.
 *
 * @since 0.1.0
 */
import type * as Result from "effect/Result"
import * as Reading from "../internal/dns/reading.ts"
import * as Writing from "../internal/dns/writing.ts"

/**
 * A domain name as text, ending in a dot; a dot or a backslash inside of a label has a backslash before it (LL-17):
 * `romeo\.m@forza._presence._tcp.local.`
 *
 * @since 0.1.0
 * @category models
 */
export type Name = string

/**
 * What a record says. `strings` of TXT and `bytes` are base64; addresses are literals without a zone.
 *
 * @since 0.1.0
 * @category models
 */
export type RecordData =
  | { readonly type: "A"; readonly address: string }
  | { readonly type: "AAAA"; readonly address: string }
  | { readonly type: "PTR"; readonly target: Name }
  | {
    readonly type: "SRV"
    readonly priority: number
    readonly weight: number
    readonly port: number
    readonly target: Name
  }
  | { readonly type: "TXT"; readonly strings: ReadonlyArray<string> }
  | { readonly type: "other"; readonly code: number; readonly bytes: string }

/**
 * A record of the class IN. `ttl` in seconds; `flush` is the cache-flush bit (RFC 6762 §10.2).
 *
 * @since 0.1.0
 * @category models
 */
export interface ResourceRecord {
  readonly name: Name
  readonly ttl: number
  readonly flush: boolean
  readonly data: RecordData
}

/**
 * A question of the class IN or ANY. `type` is the number: 12 for PTR, 255 for ANY. `unicast` is the QU bit (RFC 6762 §5.4).
 *
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly name: Name
  readonly type: number
  readonly unicast: boolean
}

/**
 * `truncated`: more known answers follow (RFC 6762 §7.2). Records of other classes are not in it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Message {
  readonly id: number
  readonly isResponse: boolean
  readonly truncated: boolean
  readonly questions: ReadonlyArray<Question>
  readonly answers: ReadonlyArray<ResourceRecord>
  readonly authorities: ReadonlyArray<ResourceRecord>
  readonly additionals: ReadonlyArray<ResourceRecord>
}

/**
 * Why bytes are no message.
 *
 * - `tooLarge`: more than 9000 bytes (RFC 6762 §17)
 * - `tooMany`: more than 256 questions and records
 * - `cutShort`: it ends in the middle
 * - `badName`: a label or a name that is too long, a pointer that does not point back, a kind of label that nobody uses
 * - `badData`: the data of a record does not fit its length
 * - `notQuery`: an operation other than a query, or an error code, both of which are to be ignored (RFC 6762 §18.3, §18.11)
 *
 * @since 0.1.0
 * @category errors
 */
export type Malformed = "tooLarge" | "tooMany" | "cutShort" | "badName" | "badData" | "notQuery"

/**
 * What is in the bytes. Work is bounded by their number: pointers only lead back, and what they add to names is counted.
 *
 * @since 0.1.0
 * @category encoding
 */
export const decode = (bytes: Uint8Array): Result.Result<Message, Malformed> => Reading.message(bytes)

/**
 * The bytes of a message, names compressed; or why there are none: `badName` for a label over 63 bytes or a name over 255,
 * `badData` for a string over 255 bytes, a number out of range or an address that is none, `tooLarge` for more than 9000 bytes.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (message: Message): Result.Result<Uint8Array<ArrayBuffer>, "badName" | "badData" | "tooLarge"> =>
  Writing.message(message)
