/** Texts that put the rules for internationalised texts to the test: what is likely to matter, and anything at all. */
import fc from "fast-check"

const telling = [
  ..."aZéßΣςİıｗＷﬁ①Ⅳ♚∞漢カｶﾞ가・·lLא\u05b0ب\u0660\u06f0\u0375α׳״Ꭰꭰ".split(/(?:)/u),
  ..."\u0301\u0300\u0323\u0345\u00a0\u3000\u1680\u2028\u200b\u200c\u200d\u00ad\u0640\u1100\u1161\u094dक\u0378".split(
    ""
  ),
  ..."\0\t \"&'/:<>@.-!~\ud800\udc00\uffff\ue000\u212a\u212b\u0344\u1e9e\u03f4\u2126\u1fbf\u037a\u00b4".split(""),
  "\u{1d400}",
  "\u{10400}",
  "\u{e0001}",
  "\u{10ffff}",
  "\u{10d50}",
  "xn--"
]

/** Built of characters each of which has a rule of its own. */
export const tellingText = fc.array(fc.constantFrom(...telling), { maxLength: 10 }).map((each) => each.join(""))

/** Any code units, halves of surrogate pairs among them. */
export const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units))

/** Letters of many scripts: texts that have a fair chance. */
export const fairText = fc.array(
  fc.oneof(
    fc.integer({ min: 0x21, max: 0x7e }),
    fc.integer({ min: 0xc0, max: 0x24f }),
    fc.integer({ min: 0x300, max: 0x36f }),
    fc.integer({ min: 0x370, max: 0x52f }),
    fc.integer({ min: 0x5d0, max: 0x64a }),
    fc.integer({ min: 0x900, max: 0x97f }),
    fc.integer({ min: 0x13a0, max: 0x13fd }),
    fc.integer({ min: 0x1e00, max: 0x1fff }),
    fc.integer({ min: 0x3040, max: 0x30ff }),
    fc.integer({ min: 0xac00, max: 0xd7a3 }),
    fc.integer({ min: 0xff00, max: 0xffef }),
    fc.integer({ min: 0x10400, max: 0x1044f })
  ),
  { maxLength: 6 }
).map((points) => String.fromCodePoint(...points))
