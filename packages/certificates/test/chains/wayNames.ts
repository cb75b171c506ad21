/**
 * Names: which host a leaf may stand for (RFC 9525), and which names an authority may certify (RFC 5280 §4.2.1.10, RFC 4985
 * §4, certificates §4.4).
 */
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import { commonName, dns, srvName, xmppAddr } from "../making.ts"
import { type Extension, withExtension, withoutExtension } from "./draft.ts"
import { address, alternativeNames, change, extend, host, issuerAt, leafAt, nameOf } from "./line.ts"
import { onLeaf, type Way, way } from "./way.ts"

const ascii = (tag: number, text: string): Uint8Array => Encode.value(tag, new TextEncoder().encode(text))
const mail = (text: string): Uint8Array => ascii(0x81, text)
const uri = (text: string): Uint8Array => ascii(0x86, text)
const ip = (...octets: ReadonlyArray<number>): Uint8Array => Encode.value(0x87, Uint8Array.from(octets))
const directory = (name: Uint8Array): Uint8Array => Encode.explicit(4, name)

interface Trees {
  readonly permitted?: ReadonlyArray<Uint8Array>
  readonly excluded?: ReadonlyArray<Uint8Array>
  /** What stands behind the base of each. */
  readonly distance?: Uint8Array
}

const constraints = ({ distance, excluded, permitted }: Trees): Extension => {
  const trees = (number: number, bases: ReadonlyArray<Uint8Array> | undefined): ReadonlyArray<Uint8Array> =>
    bases === undefined ? [] : [
      Encode.explicit(
        number,
        join(bases.map((base) => Encode.sequence(base, ...distance === undefined ? [] : [distance])))
      )
    ]
  return {
    oid: oids.nameConstraints,
    isCritical: true,
    value: Encode.sequence(...trees(0, permitted), ...trees(1, excluded))
  }
}

const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => Uint8Array.from(parts.flatMap((each) => [...each]))

/** An authority with these limits above a leaf that has `names` besides the host that is wanted. */
const limited = (
  name: string,
  code: "trusted" | "nameConstraint",
  trees: Trees,
  names: ReadonlyArray<Uint8Array> = []
): Way =>
  way(name, code, (line, random) =>
    extend(
      extend(line, issuerAt(line, random), constraints(trees)),
      leafAt(line),
      alternativeNames([dns(line.host), ...names])
    ), 1)

interface Form {
  readonly form: string
  /** On the leaf. */
  readonly name: Uint8Array
  readonly around: ReadonlyArray<Uint8Array>
  readonly elsewhere: ReadonlyArray<Uint8Array>
}

const forms: ReadonlyArray<Form> = [
  {
    form: "DNS",
    name: dns("valves.pumps.example"),
    around: [dns("pumps.example"), dns("example")],
    elsewhere: [dns("quarry.example"), dns("umps.example"), dns("a.valves.pumps.example")]
  },
  {
    form: "IPv4",
    name: ip(192, 0, 2, 7),
    around: [ip(192, 0, 2, 0, 255, 255, 255, 0), ip(192, 0, 2, 7, 255, 255, 255, 255)],
    elsewhere: [ip(198, 51, 100, 0, 255, 255, 255, 0)]
  },
  {
    form: "IPv6",
    name: ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
    around: [ip(0x20, 1, 0xd, 0xb8, ...Array<number>(12).fill(0), 255, 255, 255, 255, ...Array<number>(12).fill(0))],
    elsewhere: [ip(0x20, 2, 0, 0, ...Array<number>(12).fill(0), 255, 255, 0, 0, ...Array<number>(12).fill(0))]
  },
  {
    form: "mail",
    name: mail("nadia@harbor.example"),
    around: [mail("harbor.example"), mail("nadia@harbor.example"), mail(".example")],
    elsewhere: [mail("quarry.example"), mail("teo@harbor.example"), mail(".harbor.example")]
  },
  {
    form: "URI",
    name: uri("https://valves.pumps.example/pressure"),
    around: [uri("valves.pumps.example"), uri(".pumps.example")],
    elsewhere: [uri("pumps.example"), uri("quarry.example")]
  },
  {
    form: "directory",
    name: directory(nameOf("Valves", "leaf")),
    // The subject is in the other tree, so that both forms of a directory name are looked at.
    around: [directory(Encode.sequence())],
    elsewhere: [directory(nameOf("Quarry", "leaf"))]
  },
  {
    form: "SRVName",
    name: srvName("_xmpp-client.valves.pumps.example"),
    around: [srvName("pumps.example"), srvName("_xmpp-client.pumps.example"), srvName("_xmpp-client")],
    elsewhere: [srvName("quarry.example"), srvName("_xmpp-server.pumps.example"), srvName("_xmpp-server")]
  }
]

const byForm: ReadonlyArray<Way> = forms.flatMap(({ around, elsewhere, form, name }) => {
  const names = [name]
  // The wanted host is a DNS name too, and stays permitted.
  const more = form === "DNS" ? [dns(host)] : []
  return [
    ...around.flatMap((base, at) => [
      limited(`${form} permitted, around the name (${at})`, "trusted", { permitted: [base, ...more] }, names),
      limited(`${form} excluded, around the name (${at})`, "nameConstraint", { excluded: [base] }, names)
    ]),
    ...elsewhere.flatMap((base, at) => [
      limited(`${form} permitted, elsewhere (${at})`, "nameConstraint", { permitted: [base, ...more] }, names),
      limited(`${form} excluded, elsewhere (${at})`, "trusted", { excluded: [base] }, names)
    ]),
    limited(`${form} limited, no such name`, "trusted", {
      permitted: elsewhere.slice(0, 1),
      excluded: around.slice(0, 1)
    })
  ]
}).filter(({ name }) => name !== "DNS limited, no such name" && name !== "directory limited, no such name")

const limits: ReadonlyArray<Way> = [
  ...byForm,
  way(
    "directory permitted, around the subject",
    "trusted",
    (line, random) =>
      extend(line, issuerAt(line, random), constraints({ permitted: [directory(organisation("Chains"))] })),
    1
  ),
  way("directory excluded, around the subject", "nameConstraint", (line, random) =>
    extend(
      change(line, leafAt(line), (draft) => ({ ...draft, subject: nameOf("Valves", "leaf") })),
      issuerAt(line, random),
      constraints({ excluded: [directory(organisation("Valves"))] })
    ), 1),
  limited("DNS permitted in two trees, the name in one", "trusted", {
    permitted: [dns("quarry.example"), dns("pumps.example")]
  }),
  limited("DNS permitted around what is excluded, the name in both", "nameConstraint", {
    permitted: [dns("example")],
    excluded: [dns("pumps.example")]
  }),
  way("DNS permitted here and elsewhere further down", "nameConstraint", (line) =>
    extend(
      extend(line, 1, constraints({ permitted: [dns("pumps.example")] })),
      2,
      constraints({ permitted: [dns("quarry.example")] })
    ), 2),
  limited("a wildcard around an excluded name", "nameConstraint", { excluded: [dns("secret.pumps.example")] }, [
    dns("*.pumps.example")
  ]),
  limited("a wildcard below an excluded name", "nameConstraint", { excluded: [dns("valves.example")] }, [
    dns("*.valves.example")
  ]),
  limited("a wildcard beside an excluded name", "trusted", { excluded: [dns("quarry.example")] }, [
    dns("*.valves.example")
  ]),
  limited("a wildcard in a permitted tree", "trusted", { permitted: [dns("pumps.example")] }, [dns("*.pumps.example")]),
  limited("a wildcard around a permitted name", "nameConstraint", { permitted: [dns(host)] }, [dns("*.pumps.example")]),
  limited("XmppAddr permitted", "nameConstraint", { permitted: [xmppAddr(address)] }, [xmppAddr(address)]),
  limited("XmppAddr excluded", "nameConstraint", { excluded: [xmppAddr("teo@quarry.example")] }, [xmppAddr(address)]),
  limited("XmppAddr permitted, no such name", "trusted", { permitted: [xmppAddr(address)] }),
  limited("a tree with a distance", "nameConstraint", {
    permitted: [dns("pumps.example")],
    distance: Encode.value(0x80, Uint8Array.of(1))
  })
]

const organisation = (text: string): Uint8Array =>
  Encode.sequence(Encode.set(Encode.sequence(Encode.oid("2.5.4.10"), Encode.utf8(text))))

/** What the leaf shows instead of the wanted host. */
const shows = (name: string, codes: string | ReadonlyArray<string>, ...each: ReadonlyArray<Uint8Array>): Way =>
  onLeaf(name, codes, (draft) => withExtension(draft, alternativeNames(each)))

const hosts: ReadonlyArray<Way> = [
  shows("another host", "identityMismatch", dns("valves.example")),
  shows("the host in capitals", "trusted", dns(host.toUpperCase())),
  shows("a wildcard for the host", "trusted", dns("*.pumps.example")),
  shows("a wildcard for hosts one level up", "identityMismatch", dns("*.example")),
  shows("a wildcard two levels above the host", "identityMismatch", dns("*.*.example")),
  shows("a part of a label as wildcard", "identityMismatch", dns("p*.pumps.example")),
  shows("a wildcard within the name", "identityMismatch", dns("peer.*.example")),
  shows("the parent of the host", "identityMismatch", dns("pumps.example")),
  shows("the host and a NUL and more", ["identityMismatch", "noIdentity"], dns(`${host}\0.evil.example`)),
  shows("no name but mail", ["identityMismatch", "noIdentity"], mail(address)),
  onLeaf(
    "the host as Common Name and no other name",
    "noIdentity",
    (draft) => withoutExtension({ ...draft, subject: commonName(host) }, oids.subjectAltName)
  ),
  onLeaf(
    "the host as Common Name besides another one",
    "identityMismatch",
    (draft) => withExtension({ ...draft, subject: commonName(host) }, alternativeNames([dns("valves.example")]))
  )
]

export const names: ReadonlyArray<Way> = [...limits, ...hosts]
