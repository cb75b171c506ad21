/**
 * Certificate policies (RFC 5280 §6.1.3 d–f, §6.1.4 a–b, i–j). The initial set is any-policy, and nothing is inhibited.
 */
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import { type Draft, type Extension, withExtension } from "./draft.ts"
import { change, extend, leafAt, type Line } from "./line.ts"
import { type Way, way } from "./way.ts"

const asserts = (...policies: ReadonlyArray<string>): Extension => ({
  oid: oids.certificatePolicies,
  isCritical: false,
  value: Encode.sequence(...policies.map((each) => Encode.sequence(Encode.oid(each))))
})

const requiresExplicit = (skip: number, more: ReadonlyArray<Uint8Array> = []): Extension => ({
  oid: oids.policyConstraints,
  isCritical: true,
  value: Encode.sequence(Encode.value(0x80, Uint8Array.of(skip)), ...more)
})

const inhibitsMapping = Encode.value(0x81, Uint8Array.of(0))

const maps = (issuer: string, subject: string): Extension => ({
  oid: oids.policyMappings,
  isCritical: true,
  value: Encode.sequence(Encode.sequence(Encode.oid(issuer), Encode.oid(subject)))
})

const inhibitsAny = (skip: number): Extension => ({
  oid: oids.inhibitAnyPolicy,
  isCritical: true,
  value: Encode.integer(skip)
})

const one = "1.3.6.1.4.1.55738.1.1"
const other = "1.3.6.1.4.1.55738.1.2"

const everyone = (line: Line, extension: Extension): Line => ({
  ...line,
  drafts: line.drafts.map((draft, at) => at === 0 ? draft : withExtension(draft, extension))
})

const leaf = (line: Line, how: (draft: Draft) => Draft): Line => change(line, leafAt(line), how)

export const policies: ReadonlyArray<Way> = [
  way("policies that nobody requires", "trusted", (line) => extend(line, leafAt(line), asserts(one))),
  way(
    "a policy required and there",
    "trusted",
    (line) => extend(everyone(line, asserts(one)), 1, requiresExplicit(0)),
    1
  ),
  way("a policy required and nowhere", "policy", (line) => extend(line, 1, requiresExplicit(0)), 1),
  way(
    "a policy required and not on the leaf",
    "policy",
    (line) =>
      leaf(extend(everyone(line, asserts(one)), 1, requiresExplicit(0)), (draft) => ({
        ...draft,
        extensions: draft.extensions.filter(({ oid }) => oid !== oids.certificatePolicies)
      })),
    1
  ),
  way(
    "a policy required and another one on the leaf",
    "policy",
    (line) => extend(extend(everyone(line, asserts(one)), 1, requiresExplicit(0)), leafAt(line), asserts(other)),
    1
  ),
  way(
    "a policy required further down than the path goes",
    "trusted",
    (line) => extend(line, 1, requiresExplicit(9)),
    1
  ),
  way(
    "a policy required by the leaf of itself, and there",
    "trusted",
    (line) => extend(everyone(line, asserts(one)), leafAt(line), requiresExplicit(0))
  ),
  way(
    "any policy above the one required",
    "trusted",
    (line) =>
      extend(extend(everyone(line, asserts(oids.anyPolicy)), 1, requiresExplicit(0)), leafAt(line), asserts(one)),
    1
  ),
  way("any policy where it is inhibited", "policy", (line) =>
    extend(
      extend(everyone(line, asserts(one)), 1, requiresExplicit(0), inhibitsAny(0)),
      leafAt(line),
      asserts(oids.anyPolicy)
    ), 1),
  way(
    "any policy inhibited and not used",
    "trusted",
    (line) => extend(everyone(line, asserts(one)), 1, requiresExplicit(0), inhibitsAny(0)),
    1
  ),
  way(
    "a policy mapped to the one on the leaf",
    "trusted",
    (line) => extend(mapped(line), 1, requiresExplicit(0), maps(one, other)),
    1
  ),
  way("a policy mapped while mapping is inhibited", "policy", (line) => {
    const above = extend(everyone(line, asserts(one)), 1, requiresExplicit(0, [inhibitsMapping]))
    return extend(extend(above, leafAt(line) - 1, maps(one, other)), leafAt(line), asserts(other))
  }, 2),
  way(
    "any policy mapped",
    "policy",
    (line) => extend(everyone(line, asserts(one)), 1, requiresExplicit(0), maps(oids.anyPolicy, other)),
    1
  )
]

/** The first authority knows the policy by the one name, everybody below it by the other. */
const mapped = (line: Line): Line => extend(everyone(line, asserts(other)), 1, asserts(one))
