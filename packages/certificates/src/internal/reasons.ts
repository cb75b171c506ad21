/**
 * Why certificates are revoked, in the two ways in which RFC 5280 writes it down: a number with an entry (§5.3.1), bits
 * with a distribution point (§4.2.1.13).
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Der from "../Der.ts"

/** In the order of their bits, of which the first is unused. */
export const reasons = [
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise"
] as const

export type Reason = (typeof reasons)[number]

export type Cause = Reason | "unspecified" | "removeFromCRL"

/** The content of ReasonFlags, under whatever tag it stands. */
export const readFlags = (value: Der.Value, what: string): Der.Read<ReadonlyArray<Reason>> =>
  Result.map(
    Der.bits({ ...value, tag: Der.tags.bitString }, what),
    ({ octets }) => reasons.filter((_, at) => ((octets[(at + 1) >> 3] ?? 0) & (0x80 >> ((at + 1) & 7))) !== 0)
  )

/** CRLReason, an ENUMERATED. A number that nobody has defined revokes as well as any other. */
export const readCause = (value: Der.Value | undefined): Der.Read<Cause> =>
  Result.map(
    Result.flatMap(
      Der.expect(value, enumerated, "the reason"),
      (each) => Der.smallInteger({ ...each, tag: Der.tags.integer }, "the reason")
    ),
    (number) => causes.get(number) ?? "unspecified"
  )

const causes = new Map<number, Cause>([
  [1, "keyCompromise"],
  [2, "cACompromise"],
  [3, "affiliationChanged"],
  [4, "superseded"],
  [5, "cessationOfOperation"],
  [6, "certificateHold"],
  [8, "removeFromCRL"],
  [9, "privilegeWithdrawn"],
  [10, "aACompromise"]
])
const enumerated = 0x0a
