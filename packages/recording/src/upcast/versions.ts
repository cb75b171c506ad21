/**
 * The versions of the document that can be read, and the way from each to the current one. An optional field more keeps
 * the version; anything else raises it and adds one up-caster, JSON to JSON, pure. A document says the oldest version that
 * can hold what is in it, so that older readers go on reading what they can.
 */
import { v1 } from "./v1.ts"
import { v2 } from "./v2.ts"

/**
 * How the lines of one version read in the next one; of the current version, in itself. What it does not understand it
 * passes on: judging is the schemas' business.
 *
 * @internal
 */
export interface Upcast {
  readonly head: (json: unknown) => unknown
  readonly line: (json: unknown) => unknown
}

/**
 * The way from a version to the current one; `undefined` when nobody knows it.
 *
 * @internal
 */
export const upcastFrom = (version: number, known: ReadonlyArray<Upcast> = versions): Upcast | undefined => {
  if (!Number.isInteger(version) || version < 1 || version > known.length) return undefined
  const way = known.slice(version - 1)
  return {
    head: (json) => way.reduce((each, upcast) => upcast.head(each), json),
    line: (json) => way.reduce((each, upcast) => upcast.line(each), json)
  }
}

/** In order; the first is version 1, the last the current one. */
const versions: ReadonlyArray<Upcast> = [v1, v2]

/** @internal */
export const current = versions.length

/** The version that brought the lines of TLS and its secrets. @internal */
export const withTls = 2
