/**
 * The rules of the profiles (RFC 8265 §3.3, §3.4, §4.2; RFC 8266 §2), as far as they differ. `Precis.ts` applies them, in
 * the order of RFC 8264 §7.
 *
 * @internal
 */
import type { Profile, StringClass } from "../Precis.ts"

export interface Rules {
  readonly stringClass: StringClass
  readonly mapsWidth: boolean
  readonly mapsMore: (text: string) => string
  readonly mapsCase: boolean
  readonly form: "NFC" | "NFKC"
  readonly isDirected: boolean
}

const keep = (text: string): string => text

/** RFC 8265 §4.2.2: every space is U+0020. These are all of General_Category Zs. */
const unifySpaces = (text: string): string => text.replace(otherSpaces, " ")

/** RFC 8266 §2.2: one space between words, none around them. */
const trimSpaces = (text: string): string => unifySpaces(text).split(" ").filter((word) => word !== "").join(" ")

const otherSpaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g

const caseMapped: Rules = {
  stringClass: "IdentifierClass",
  mapsWidth: true,
  mapsMore: keep,
  mapsCase: true,
  form: "NFC",
  isDirected: true
}

const nickname: Rules = {
  stringClass: "FreeformClass",
  mapsWidth: false,
  mapsMore: trimSpaces,
  mapsCase: false,
  form: "NFKC",
  isDirected: false
}

/** RFC 8266 §2.3: the case of nicknames is kept, but does not tell them apart. */
export const nicknameCompared: Rules = { ...nickname, mapsCase: true }

export const profiles: Readonly<Record<Profile, Rules>> = {
  UsernameCaseMapped: caseMapped,
  UsernameCasePreserved: { ...caseMapped, mapsCase: false },
  OpaqueString: { ...nickname, mapsMore: unifySpaces, form: "NFC" },
  Nickname: nickname
}
