/**
 * The little DER that we write ourselves: names and keys that libraries have no words for. Certificates are written by the
 * library in `issuing.ts`.
 *
 * @internal
 */
import { concat } from "./bytes.ts"

export const value = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const content = concat(contents)
  return concat([Uint8Array.of(tag, ...length(content.length)), content])
}

const length = (size: number): ReadonlyArray<number> => {
  if (size < 0x80) return [size]
  if (size < 0x100) return [0x81, size]
  if (size < 0x10000) return [0x82, size >> 8, size & 0xff]
  return [0x83, size >> 16, (size >> 8) & 0xff, size & 0xff]
}
