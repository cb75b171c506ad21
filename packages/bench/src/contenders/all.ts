/**
 * Everybody who runs, by name. Ours first: the others are compared with it.
 */
import { bare } from "./bare.ts"
import type { Contender } from "./contender.ts"
import { jsonLines } from "./jsonLines.ts"
import { libp2pBytes, libp2pJson } from "./libp2p.ts"
import { ours } from "./ours.ts"
import { saxes } from "./saxes.ts"
import { xmppXml } from "./xmppXml.ts"

export const all: ReadonlyArray<Contender> = [ours, bare, jsonLines, saxes, xmppXml, libp2pBytes, libp2pJson]

export const named = (name: string): Contender => {
  const found = all.find((each) => each.name === name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}
