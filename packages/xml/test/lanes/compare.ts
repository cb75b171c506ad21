/** Reads a document on both roads, piece by piece, and tells where they part. */
import * as Reader from "../../src/Reader.ts"
import type { Document } from "./documents.ts"

export interface Compared {
  /** What the roads said at the same moment, when they did not say the same. */
  readonly difference?: { readonly after: number; readonly ours: string; readonly parser: string }
  readonly elements: number
  readonly isRefused: boolean
}

export const compare = ({ bytes, limits, sizes }: Document): Compared => {
  const ours = Reader.make(limits)
  const parser = Reader.makeParsing(limits)
  let elements = 0
  let isRefused = false
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1))
    at += piece.length
    ours.push(piece)
    parser.push(piece)
    for (;;) {
      const [one, other] = [ours.next(), parser.next()]
      const [said, wanted] = [JSON.stringify(one) ?? "", JSON.stringify(other) ?? ""]
      if (said !== wanted) return { difference: { after: at, ours: said, parser: wanted }, elements, isRefused }
      if (one === undefined) break
      if (one._tag === "ElementRead") elements++
      if (one._tag === "Faulted") isRefused = true
    }
  }
  return { elements, isRefused }
}
