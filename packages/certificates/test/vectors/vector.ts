/**
 * Vectors from outside: one JSON object a line, gzipped. They are read where they are and never copied.
 */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import * as Pem from "../../src/Pem.ts"
import type * as Reference from "../../src/Reference.ts"
import { type Chain, isGood } from "../chains/generate.ts"
import type { Question } from "../proving.ts"

export interface Vector {
  readonly id: string
  readonly group: string
  readonly features: ReadonlyArray<string>
  readonly description: string
  readonly expected: "ok" | "fail"
  readonly question: Question
}

/** `X509_VECTORS` is a path from the working directory; without it they lie beside the repository. */
export const vectorsPath = process.env["X509_VECTORS"]
  ?? fileURLToPath(new URL("../../../../../shared/x509/vectors-dev.jsonl.gz", import.meta.url))

export const areThere = existsSync(vectorsPath)

export const read = (): ReadonlyArray<Vector> =>
  gunzipSync(readFileSync(vectorsPath)).toString("utf8").split("\n").filter((line) => line !== "").map(toVector)

/** What the file holds of each. */
interface Line {
  readonly id: string
  readonly group: string
  readonly features: ReadonlyArray<string>
  readonly description: string
  readonly expected: "ok" | "fail"
  readonly trusted: ReadonlyArray<string>
  readonly intermediates: ReadonlyArray<string>
  readonly leaf: string
  readonly crls?: ReadonlyArray<string>
  readonly revocation?: "require" | "check-if-crl-given"
  readonly time: string
  readonly role: "server" | "client"
  readonly name?: { readonly kind: "dns" | "ip" | "email"; readonly value: string }
}

const toVector = (text: string): Vector => {
  const line: Line = JSON.parse(text)
  const { crls, description, expected, features, group, id, revocation } = line
  return {
    id,
    group,
    features,
    description,
    expected,
    question: {
      // Text that holds no certificate is no certificate either.
      leaf: decode(line.leaf)[0] ?? new Uint8Array(),
      untrusted: line.intermediates.flatMap(decode),
      anchors: line.trusted.flatMap(decode),
      now: Date.parse(line.time),
      purpose: line.role,
      ...line.name === undefined ? {} : { reference: referenceOf(line.name) },
      ...crls === undefined ? {} : { crls: crls.flatMap(decode) },
      // What nobody gave a CRL for may be used.
      ...revocation === undefined ? {} : { revocation: revocation === "require" ? "hard" : "soft" }
    }
  }
}

const referenceOf = ({ kind, value }: NonNullable<Line["name"]>): Reference.Reference => {
  switch (kind) {
    case "dns":
      return { _tag: "Dns", host: value }
    case "ip":
      return { _tag: "Ip", address: value }
    case "email":
      return { _tag: "Mail", address: value }
  }
}

const decode = (text: string): ReadonlyArray<Uint8Array> => Pem.decode(text).flatMap(({ der }) => der ?? [])

/** Where there are no vectors from outside, our own are asked instead. */
export const fromChain = (chain: Chain): Vector => ({
  id: `generated/${chain.seed}`,
  group: "generated",
  features: [chain.way.name],
  description: `${chain.way.name}, ${chain.shape.name}`,
  expected: isGood(chain) ? "ok" : "fail",
  question: chain
})
