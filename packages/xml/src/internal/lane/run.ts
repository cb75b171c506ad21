/** From tag to text to tag, to the end of the element or of what is there. */
import { readText } from "./content.ts"
import { CUT, STRANGE } from "./place.ts"
import type { Ground, Scan } from "./scan.ts"
import { readEndTag, readStartTag } from "./tags.ts"

/** Where the element ends, or `CUT` or `STRANGE`. After `CUT` it goes on from where it was, when there are more bytes. */
export const run = (scan: Scan, ground: Ground, bytes: Uint8Array, size: number): number => {
  do {
    if (scan.isText) {
      const tag = readText(scan, bytes, size)
      if (tag < 0) return tag
      scan.at = tag
      scan.isText = false
    }
    const end = readTag(scan, ground, bytes, size)
    if (end < 0) return end === CUT ? again(scan, size) : end
    scan.at = end
    scan.isText = true
    scan.from = end - scan.start - scan.surplus
    scan.hasReference = false
  } while (scan.depth > 0)
  return scan.at
}

const readTag = (scan: Scan, ground: Ground, bytes: Uint8Array, size: number): number => {
  const at = scan.at + 1
  if (at >= size) return CUT
  if (bytes[at] !== SLASH) return readStartTag(scan, ground, bytes, at, size)
  return scan.depth === 0 ? STRANGE : readEndTag(scan, bytes, at + 1, size)
}

/**
 * A tag is looked at anew when more of it has come. That is bounded by what has come altogether, so that no peer can make
 * us look at the same bytes again and again; the parser does not need to.
 */
const again = (scan: Scan, size: number): number => {
  scan.inVain += size - scan.at
  return scan.inVain > inVainMin + inVainRatio * (size - scan.start) ? STRANGE : CUT
}

const SLASH = 0x2F
const inVainMin = 16_384
const inVainRatio = 8
