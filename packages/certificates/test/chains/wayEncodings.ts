/**
 * Octets that are no DER, or DER that is no certificate (X.690 §10, §11; RFC 5280 §4.1, §4.2; CERT-20…23). All but those
 * that are spoilt around the signature are properly signed.
 */
import { concat } from "../../src/internal/bytes.ts"
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import { type Draft, type Spoilt, withExtension, writeExtension } from "./draft.ts"
import { alternativeNames, basicConstraints, keyUsage } from "./line.ts"
import { type Edit, onBoth, onIssuer, onLeaf, unreadable, type Way } from "./way.ts"

const spoil = (spoilt: Spoilt): Edit => (draft) => ({ ...draft, spoilt })

/** The value again, its length written in this many octets. */
const longer = (value: Uint8Array, octets: number): Uint8Array => {
  const first = value[1] ?? 0
  const from = first < 0x80 ? 2 : 2 + (first & 0x7f)
  const content = value.subarray(from)
  const size = Array.from({ length: octets }, (_, at) => (content.length >>> (8 * (octets - 1 - at))) & 0xff)
  return concat([value.subarray(0, 1), Uint8Array.of(0x80 | octets, ...size), content])
}

const indefinite = (value: Uint8Array): Uint8Array => {
  const first = value[1] ?? 0
  const from = first < 0x80 ? 2 : 2 + (first & 0x7f)
  return concat([value.subarray(0, 1), Uint8Array.of(0x80), value.subarray(from), Uint8Array.of(0, 0)])
}

/** More content in a value that is written already. */
const adding = (value: Uint8Array, more: Uint8Array): Uint8Array => {
  const first = value[1] ?? 0
  const from = first < 0x80 ? 2 : 2 + (first & 0x7f)
  return Encode.value(value[0] ?? 0, value.subarray(from), more)
}

const times = (before: Uint8Array, after: Uint8Array): Edit => spoil({ validity: Encode.sequence(before, after) })
const utc = (text: string): Uint8Array => Encode.value(0x17, new TextEncoder().encode(text))
const generalized = (text: string): Uint8Array => Encode.value(0x18, new TextEncoder().encode(text))
const after = utc("350101000000Z")

const whole = (how: (der: Uint8Array) => Uint8Array): Edit =>
  spoil({ whole: (tbs, algorithm, signature) => how(Encode.sequence(tbs, algorithm, signature)) })

const both = (name: string, edit: Edit): ReadonlyArray<Way> => onBoth(name, unreadable, edit)

const structure: ReadonlyArray<Way> = [
  ...both("octets after the certificate", whole((der) => concat([der, Uint8Array.of(5, 0)]))),
  ...both("a field after the signature", whole((der) => adding(der, Encode.nothing()))),
  ...both("a field after the extensions", spoil({ tbs: (tbs) => adding(tbs, Encode.nothing()) })),
  ...both("a length in more octets than needed", whole((der) => longer(der, 3))),
  ...both("a length of four octets", whole((der) => longer(der, 4))),
  ...both("an indefinite length", whole(indefinite)),
  ...both("a signed length in more octets than needed", spoil({ serial: longer(Encode.integer(5), 1) })),
  ...both("a serial number with a needless octet", spoil({ serial: Encode.value(2, Uint8Array.of(0, 5)) })),
  ...both(
    "a signature that does not end at an octet",
    spoil({
      whole: (tbs, algorithm, signature) => Encode.sequence(tbs, algorithm, Encode.bitString(signature.subarray(3), 1))
    })
  ),
  ...both(
    "another algorithm beside the signature",
    spoil({
      whole: (tbs, _, signature) =>
        Encode.sequence(tbs, Encode.sequence(Encode.oid("1.2.840.113549.1.1.13")), signature)
    })
  ),
  ...both("version 1 written out", spoil({ version: Encode.explicit(0, Encode.integer(0)) })),
  ...both("version 4", spoil({ version: Encode.explicit(0, Encode.integer(3)) })),
  ...both("extensions in version 1", spoil({ version: new Uint8Array() })),
  ...both("cut off in the middle", whole((der) => der.subarray(0, der.length >> 1)))
]

const calendar: ReadonlyArray<Way> = [
  ...both("a time without seconds", times(utc("2501010000Z"), after)),
  ...both("a time with an offset", times(utc("250101000000+0100"), after)),
  ...both("a time with a fraction", times(generalized("20250101000000.5Z"), after)),
  ...both("the thirtieth of February", times(utc("250230000000Z"), after)),
  ...both("the hour twenty-four", times(utc("250101240000Z"), after)),
  ...onBoth("GeneralizedTime before the year 2050", "trusted", times(generalized("20250101000000Z"), after)),
  ...onBoth("the last moment there is", "trusted", times(utc("500101000000Z"), generalized("99991231235959Z"))),
  ...onBoth("UTCTime of the year 1950", "expired", times(utc("500101000000Z"), utc("510101000000Z")))
]

const raw = (oid: string, isCritical: boolean, value: Uint8Array): Edit => (draft: Draft) =>
  withExtension(draft, { oid, isCritical, value })

/** One more extension, written by hand. */
const more = (written: Uint8Array): Edit => spoil({ extensions: (each) => Encode.sequence(...each, written) })

const mark = (critical: Uint8Array): Uint8Array =>
  Encode.sequence(Encode.oid("1.3.6.1.4.1.55738.667"), critical, Encode.octetString(Encode.nothing()))

const saysFalse = raw(oids.basicConstraints, true, Encode.sequence(Encode.boolean(false)))

const extensions: ReadonlyArray<Way> = [
  ...both("an extension twice", (draft) => ({
    ...draft,
    extensions: [...draft.extensions, ...draft.extensions.slice(-1)]
  })),
  ...both(
    "an unknown extension twice",
    spoil({
      extensions: (each) => Encode.sequence(...each, twin, twin)
    })
  ),
  ...both("no extension in the list of extensions", spoil({ extensions: () => Encode.sequence() })),
  ...both("a critical mark that is neither 00 nor FF", more(mark(Encode.value(1, Uint8Array.of(1))))),
  // X.690 §11.5 wants defaults left out. Authorities write them all the same, and nothing is ambiguous.
  ...onBoth("a critical mark that says the default", "trusted", more(mark(Encode.boolean(false)))),
  onLeaf("cA that says the default", "trusted", saysFalse),
  onIssuer("cA that says the default", "notACa", saysFalse),
  ...both("basicConstraints that are none", raw(oids.basicConstraints, true, Encode.utf8("CA"))),
  ...both(
    "octets after an extension",
    raw(
      oids.basicConstraints,
      true,
      concat([basicConstraints(true).value, Uint8Array.of(0)])
    )
  ),
  ...both(
    "a path length below zero",
    raw(
      oids.basicConstraints,
      true,
      Encode.sequence(Encode.boolean(true), Encode.value(2, Uint8Array.of(0xff)))
    )
  ),
  ...both("keyUsage with unused bits that are set", raw(oids.keyUsage, true, Encode.value(3, Uint8Array.of(1, 0x87)))),
  ...onBoth("keyUsage for nothing", [...unreadable, "keyUsage"], (draft) => withExtension(draft, keyUsage())),
  ...both("extKeyUsage for nothing", raw(oids.extKeyUsage, false, Encode.sequence())),
  onLeaf("no name in the list of names", unreadable, (draft) => withExtension(draft, alternativeNames([]))),
  onLeaf("names cut off", unreadable, raw(oids.subjectAltName, false, Uint8Array.of(0x30, 9, 0x82, 7, 0x61))),
  onLeaf(
    "a name of no form that there is",
    [...unreadable, "noIdentity"],
    (draft) => withExtension(draft, alternativeNames([Encode.value(0x89, Uint8Array.of(1))]))
  )
]

const twin = writeExtension({ oid: "1.3.6.1.4.1.55738.668", isCritical: false, value: Encode.nothing() })

export const encodings: ReadonlyArray<Way> = [...structure, ...calendar, ...extensions]
