/**
 * Documents for those who compare the two roads of the reader: a header, first-level elements in every style that comes to
 * mind, and then perhaps a few bytes put in, taken out or changed. The same seed gives the same document, and making one
 * costs little, so a million of them are no matter.
 */

export interface Document {
  readonly bytes: Uint8Array
  /** Sizes of the pieces it comes in, used in turn and over again. */
  readonly sizes: ReadonlyArray<number>
  readonly limits: {
    readonly headerBytesMax: number
    readonly elementBytesMax: number
    readonly depthMax: number
    readonly attributesMax: number
  }
}

/** Numbers from 0 to below the one asked about, the same for the same seed (xorshift, 32 bits). */
type Dice = (below: number) => number

const dice = (seed: number): Dice => {
  let state = Math.imul(seed + 1, 0x9E3779B1) | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const pick = <A>(roll: Dice, from: readonly [A, ...ReadonlyArray<A>]): A => from[roll(from.length)] ?? from[0]

const some = (roll: Dice, most: number, make: () => string): string => {
  let all = ""
  for (let left = roll(most + 1); left > 0; left--) all += make()
  return all
}

export const document = (seed: number): Document => {
  const roll = dice(seed)
  let text = pick(roll, headers) + some(roll, 4, () => pick(roll, blanks) + element(roll, 0))
  if (roll(4) === 0) text += pick(roll, blanks) + pick(roll, ["</stream:stream>", "</stream>", "</stream:stream  >"])
  let bytes = [...new TextEncoder().encode(text)]
  for (let left = pick(roll, [0, 0, 0, 0, 1, 1, 2]); left > 0; left--) bytes = spoil(roll, bytes)
  return {
    bytes: Uint8Array.from(bytes),
    sizes: roll(4) === 0 ? [1] : Array.from({ length: 1 + roll(4) }, () => 1 + roll(pick(roll, [4, 24, 400]))),
    limits: roll(5) > 0 ? usual : {
      headerBytesMax: 200,
      elementBytesMax: 4 + roll(120),
      depthMax: 1 + roll(4),
      attributesMax: 1 + roll(4)
    }
  }
}

const usual = { headerBytesMax: 16_384, elementBytesMax: 262_144, depthMax: 64, attributesMax: 128 }

const element = (roll: Dice, depth: number): string => {
  const name = word(roll, names)
  const tag = `<${name}${some(roll, pick(roll, [1, 2, 2, 4]), () => attribute(roll))}${pick(roll, spaces)}`
  if (roll(4) === 0) return `${tag}/>`
  const inside = some(roll, depth > 3 ? 1 : 4, () => content(roll, depth))
  return `${tag}>${inside}</${roll(60) === 0 ? word(roll, names) : name}${pick(roll, spaces)}>`
}

const content = (roll: Dice, depth: number): string =>
  roll(3) === 0 ? element(roll, depth + 1) : some(roll, 3, () => word(roll, texts))

const attribute = (roll: Dice): string => {
  const quote = pick(roll, ["'", "\""])
  const name = word(roll, attributes)
  const value = name.startsWith("xmlns") ? word(roll, namespaces) : some(roll, 3, () => word(roll, values))
  return `${roll(80) === 0 ? "" : pick(roll, [" ", " ", " ", "  ", "\n", "\t", "\r\n"])}${name}${pick(roll, spaces)}=${
    pick(roll, spaces)
  }${quote}${value.replaceAll(quote, "")}${quote}`
}

const spoil = (roll: Dice, bytes: ReadonlyArray<number>): Array<number> => {
  const at = roll(bytes.length + 1)
  const drop = pick(roll, [0, 0, 0, 1, 1, 2, 5])
  const put = roll(3) === 0 ? [roll(256)] : pick(roll, fragments)
  // Near the header there are few bytes that matter, so most of it happens behind.
  const place = at < 100 && roll(4) > 0 ? Math.min(at + 120, bytes.length) : at
  return [...bytes.slice(0, place), ...put, ...bytes.slice(place + drop)]
}

type Words = readonly [string, ...ReadonlyArray<string>]

/** What is usual, and now and then something odd, most of which is refused. */
const word = (roll: Dice, { odd, usual }: { readonly usual: Words; readonly odd: Words }): string =>
  pick(roll, roll(80) === 0 ? odd : usual)

const headers: Words = [
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>",
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
  "<stream xmlns='http://etherx.jabber.org/streams'>",
  "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns:db='urn:db'>",
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='urn:db'>"
]
const blanks: Words = ["", "", "", " ", "\n", "\r\n", " \t "]
const spaces: Words = ["", "", "", "", "", "", " ", "\n", "\t ", "\r"]
const names = {
  usual: ["message", "iq", "presence", "body", "x", "a", "b-1", "_c.d", "query", "constructor", "é"],
  odd: [
    ...[
      "stream",
      "stream:features",
      "stream:error",
      "stream:stream",
      "s:a",
      "db:a",
      "b:c",
      "xml:a",
      "A:b:c",
      "é:a",
      "ab"
    ],
    ...["stream:é", "stream:", ":a", "-a", "xmlns", "xmlns:a", `n${"a".repeat(300)}`]
  ]
} as const
const attributes = {
  usual: ["from", "to", "id", "type", "a", "b", "c", "d", "lang", "xml:lang", "xml:base", "xmlns", "é", "__proto__"],
  odd: [
    ...["xmlns:q", "q:a", "db:a", "stream:a", "constructor", "xmlns:xml", "xmlns:", "xml:é", "xml:", "xml:a:b", ":a"],
    ...["1", "-", "xmlns:stream"]
  ]
} as const
const namespaces = {
  usual: ["jabber:client", "urn:a", "urn:b", "", "http://etherx.jabber.org/streams", "urn:xmpp:receipts", " urn:a"],
  odd: [
    ...["http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace", "urn:&amp;", "é", "urn:\u{1F600}b"],
    ...["urn\ta", "\u20ACurn", "urn:\r\n", "&lt;", "<"]
  ]
} as const
const values = {
  usual: [
    ...["", "x", "romeo@forza.example", "a>b", "]]>", "'", "\"", "é", "\u20AC", "\u{1F600}", "&amp;", "&lt;", "&#65;"],
    ...["&#x1F600;", "&apos;&quot;", "&#xD;", "&#10;", "x".repeat(70), "\uFFFD"]
  ],
  odd: ["\t", "\n", "\r\n", "&nbsp;", "<", "&#0;", "&", "&#55296;", "\uFFFE", "&#xFFFF;", "&#x;", "&#1114112;"]
} as const
const texts = {
  usual: [
    ...["hello", "wherefore art thou", " ", "\n", "]", "]]", ">", "é", "\u20AC", "\u{1F600}", "&amp;", "&gt;", "&lt;"],
    ...["&#65;", "&#x20AC;", "&#x10FFFF;", "&#00065;", "\t", "\uFFFD", "\u0085", "\u2028", "x".repeat(300), "\uFEFF"],
    ...["&apos;", "&quot;", "'", "\"", "=", "/", "\x7F", "]]&gt;"]
  ],
  odd: [
    ...["]]>", "&#0000000000065;", "\r\n", "\r", "<![CDATA[x]]>", "<![CDATA[]]]]>", "&#0;", "&foo;", "&", "&#xD800;"],
    ...["\uFFFE", "\uFFFF", "&#1114112;", "\0", "\x1F", "<!-- -->", "<?a?>"]
  ]
} as const
const fragments: readonly [ReadonlyArray<number>, ...ReadonlyArray<ReadonlyArray<number>>] = [
  [0x3C],
  [0x3E],
  [0x26],
  [0x3B],
  [0x2F],
  [0xC3],
  [0xC0, 0x80],
  [0xED, 0xA0, 0x80],
  [0xF4, 0x90, 0x80, 0x80],
  [0xE2, 0x82],
  [0xEF, 0xBF, 0xBE],
  [0xF0, 0x80, 0x80, 0x80],
  [0xE0, 0x80, 0x80],
  ...[
    ..."\0 \x1F \r \n \t ' \" = : - ] ]]> <!-- <!D <![CDATA[ <? <?xml </ /> < & &# &#x &#xD800; &#xFFFE; &#x110000; &foo; &a &;"
      .split(" "),
    ..."&#x; &#a; &ampx; &lt &#65 xmlns='' xmlns:q='urn:q' q:a='' a='' <q:r/> <a> </a> <a/> text \u{1F600} </stream:stream>"
      .split(" "),
    " ",
    " a='1' a='2'",
    "\uFFFE"
  ].map((text) => [...new TextEncoder().encode(text)])
]
