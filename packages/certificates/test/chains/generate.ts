/**
 * Chains by number: a seed says which shape, how long, with which keys, and in which one way it is broken, if in any.
 */
import * as Effect from "effect/Effect"
import * as Pem from "../../src/Pem.ts"
import type * as Reference from "../../src/Reference.ts"
import { now } from "../making.ts"
import { write } from "./draft.ts"
import type { Pool } from "./keys.ts"
import { makeLine } from "./line.ts"
import { random } from "./random.ts"
import { type Shape, shapes } from "./shapes.ts"
import type { Way } from "./way.ts"
import { ways } from "./ways.ts"

export interface Chain {
  readonly seed: number
  readonly way: Way
  readonly shape: Shape
  /** What may be answered; `trusted` alone when the chain is good. */
  readonly codes: ReadonlyArray<string>
  readonly leaf: Uint8Array
  /** In no order. */
  readonly untrusted: ReadonlyArray<Uint8Array>
  readonly anchors: ReadonlyArray<Uint8Array>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly purpose: "server" | "client"
  readonly host: string
  readonly reference: Reference.Reference
}

/** Every way comes up once in `ways.length` seeds. */
export const generate = Effect.fnUntraced(function*(pool: Pool, seed: number): Effect.fn.Return<Chain> {
  const chance = random(seed)
  const way = ways[seed % ways.length] ?? ways[0]
  if (way === undefined) throw new Error("there are no ways")
  const shape = chance.chance(0.4) ? shapes[0] : chance.pick(shapes)
  if (shape === undefined) throw new Error("there are no shapes")
  const issuersMin = Math.max(shape.issuersMin, way.issuersMin + (shape.issuersMore ?? 0))
  const issuers = issuersMin + chance.below(Math.max(issuersMax - issuersMin, 0) + 1)
  const straight = makeLine(pool, chance, issuers)
  const { anchors, line, others } = shape.surround(way.apply(shape.prepare?.(straight) ?? straight, chance))
  const [leaf, ...rest] = yield* Effect.forEach([...line.drafts.slice(1).toReversed(), ...others], write)
  if (leaf === undefined) throw new Error("a line has a leaf")
  return {
    seed,
    way,
    shape,
    codes: isGood(way) ? way.codes : [...way.codes, ...shape.codes ?? []],
    leaf,
    untrusted: chance.chance(0.7) ? chance.shuffle(rest) : rest,
    anchors: yield* Effect.forEach(anchors, write),
    now,
    purpose: line.purpose,
    host: line.host,
    reference: { _tag: "Dns", host: line.host }
  }
})

export const isGood = ({ codes }: { readonly codes: ReadonlyArray<string> }): boolean => codes.includes("trusted")

/** All that is needed to look at a chain elsewhere. */
export const show = ({ anchors, leaf, purpose, seed, shape, untrusted, way }: Chain): string =>
  [
    `seed ${seed}: ${way.name}, ${shape.name}, as ${purpose}`,
    `leaf\n${pem(leaf)}`,
    ...untrusted.map((each) => `untrusted\n${pem(each)}`),
    ...anchors.map((each) => `anchor\n${pem(each)}`)
  ].join("\n")

export const pem = (der: Uint8Array): string => Pem.encode("CERTIFICATE", der)

const issuersMax = 3
