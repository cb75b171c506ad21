/**
 * Whether port and strings of an announcement can be sent (LL-08). Its name is the business of `naming.ts`.
 *
 * @internal
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Times from "./times.ts"

export const soundPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port <= 0xffff

export const soundTxt = (txt: ReadonlyArray<string>): boolean => {
  const sizes = txt.map((text) => Result.getOrUndefined(Base64.decode(text))?.length ?? Infinity)
  return sizes.every((size) => size <= 255) && sizes.reduce((sum, size) => sum + size + 1, 0) <= Times.txtBytesMax
}
