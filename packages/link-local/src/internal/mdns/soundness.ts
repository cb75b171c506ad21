/**
 * Whether an announcement can be sent: its names as labels (LL-17, LL-18), its port, its strings (LL-08).
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Announcement } from "../../Discovery.ts"
import { isLabel } from "../dns/writing.ts"
import { partsOf } from "./naming.ts"
import * as Times from "./times.ts"

/** Of an instance in the form NFC. */
export const isSound = ({ instance, port, txt }: Announcement): boolean => {
  const [user, machine] = partsOf(instance)
  return isLabel(instance) && user !== "" && /^[\x21-\x7e]+$/.test(machine) && !instance.includes("\ufffd") &&
    Number.isInteger(port) && port > 0 && port <= 0xffff && soundTxt(txt)
}

export const soundTxt = (txt: ReadonlyArray<string>): boolean => {
  const sizes = txt.map((text) => Result.getOrUndefined(Base64.decode(text))?.length ?? Infinity)
  return sizes.every((size) => size <= 255) && sizes.reduce((sum, size) => sum + size + 1, 0) <= Times.txtBytesMax
}
